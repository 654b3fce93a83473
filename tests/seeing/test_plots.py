"""The figures: what is drawn can be read back, and nothing outside the figure changes."""

import base64
import io

import matplotlib as mpl
import matplotlib.pyplot as plt
import nbformat
import numpy as np
import pytest
import torch
from nbclient import NotebookClient
from PIL import Image

from seeing import plots


@pytest.fixture(autouse=True)
def drawn_nowhere():
    """Draw without a window, and leave no figure open."""
    with mpl.rc_context({"backend": "agg"}):
        yield
    plt.close("all")


def words(ax) -> list[str]:
    return [text.get_text() for text in ax.texts]


def test_panels_come_row_by_row_and_the_readers_own_style_stays():
    before = dict(mpl.rcParams)
    figure, axes = plots.panels(2, 3, height=1.5)
    assert axes.shape == (6,)
    assert figure.get_size_inches().tolist() == [plots.WIDTH, 3.0]
    assert figure.get_facecolor()[3] == 0, "transparent, so that the page decides"
    assert dict(mpl.rcParams) == before


def shown_by_a_notebook(*lines):
    """The first picture of a notebook of one cell, and the width at which it is to be drawn."""
    cell = nbformat.v4.new_code_cell("\n".join(lines))
    NotebookClient(nbformat.v4.new_notebook(cells=[cell])).execute()
    (output,) = cell.outputs
    image = Image.open(io.BytesIO(base64.b64decode(output.data["image/png"])))
    return image, output.metadata.get("image/png", {}).get("width")


def test_a_notebook_draws_288_dots_an_inch_at_the_size_of_144():
    image, width = shown_by_a_notebook("from seeing import plots", "_ = plots.panels()")
    assert [round(dots) for dots in image.info["dpi"]] == [288, 288]
    assert width == image.width // 2


def test_a_reader_who_chose_a_format_keeps_it():
    choice = "%config InlineBackend.figure_formats = {'png', 'svg'}"
    image, _ = shown_by_a_notebook("%matplotlib inline", choice, "from seeing import plots", "_ = plots.panels()")
    assert round(image.info["dpi"][0]) == 144


def test_a_second_figure_is_shown_too():
    """A notebook draws only while it is interactive: a figure must not switch that off."""
    with plt.ion():
        plots.panels()
        plots.panels()
        assert plt.isinteractive()


def test_a_matrix_shows_its_numbers_and_leaves_nan_empty():
    _, (ax,) = plots.panels()
    values = torch.tensor([[120.0, -1.5], [torch.nan, 0]])
    assert plots.matrix(ax, values, "X", mark=[(0, 1)], window=(0, 0, 2, 1)) is ax
    assert words(ax) == ["120", "-1.5", "0"]
    assert ax.get_title() == "X"
    frames = [patch.get_bbox().bounds for patch in ax.patches if patch.get_linewidth() >= 2]
    assert frames == [pytest.approx((0, 0, 1, 2)), pytest.approx((1.06, 0.06, 0.88, 0.88))]


def test_the_largest_number_is_darkest_and_its_sign_gives_the_colour():
    _, (ax,) = plots.panels()
    plots.matrix(ax, np.array([[1.0, -2.0]]), numbers=False)
    fills = [patch for patch in ax.patches if patch.get_linewidth() == 0]
    assert [patch.get_alpha() for patch in fills] == pytest.approx([0.275, 0.55])
    assert [mpl.colors.to_hex(patch.get_facecolor()[:3]).upper() for patch in fills] == [plots.BLUE, plots.VERMILLION]
    assert words(ax) == []


@pytest.mark.parametrize("columns", [1, 2, 3])
def test_the_longest_number_stays_inside_its_cell(columns):
    figure, axes = plots.panels(1, columns, height=1.7)
    plots.matrix(axes[0], np.full((4, 4), -350.0))
    figure.canvas.draw()
    cell = axes[0].transData.transform([(0, 0), (1, 0)])
    width = cell[1, 0] - cell[0, 0]
    assert all(text.get_window_extent().width <= width for text in axes[0].texts)


def test_an_empty_and_a_zero_matrix_draw():
    _, axes = plots.panels(1, 2)
    plots.matrix(axes[0], np.zeros((0, 0)))
    plots.matrix(axes[1], np.zeros((1, 1)))
    assert words(axes[1]) == ["0"]


def test_a_picture_takes_colours_and_maps():
    _, axes = plots.panels(1, 2)
    assert plots.picture(axes[0], torch.rand(3, 4, 5)).images[0].get_array().shape == (4, 5, 3)
    shown = plots.picture(axes[1], torch.rand(4, 5), "map", limit=2.0).images[0]
    assert shown.get_array().shape == (4, 5)
    assert shown.get_clim() == (0, 2)


def test_a_class_has_one_colour_and_no_two_of_the_world_share_it():
    colours = [plots.class_colour(label) for label in range(5)]
    assert len(set(colours)) == 5
    assert plots.class_colour(torch.tensor(9)) == plots.class_colour(1), "more classes begin again with the second"


def test_a_scene_shows_each_box_around_its_pixels_and_leaves_empty_slots_out():
    _, (ax,) = plots.panels()
    boxes = torch.tensor([[0.0, 0, 2, 3], [0, 0, 0, 0], [1, 1, 4, 4]])
    assert plots.scene(ax, torch.rand(3, 4, 5), boxes, torch.tensor([1, 0, 3]), names=("no", "a", "b", "c")) is ax
    assert [patch.get_bbox().bounds for patch in ax.patches] == [(-0.5, -0.5, 2, 3), (0.5, 0.5, 3, 3)]
    assert [mpl.colors.to_hex(patch.get_edgecolor()).upper() for patch in ax.patches] == [plots.BLUE, plots.GREEN]
    assert words(ax) == ["a", "c"]


def test_a_scene_without_boxes_is_a_picture():
    _, (ax,) = plots.panels()
    plots.scene(ax, torch.rand(3, 4, 5))
    assert not ax.patches
    with pytest.raises(ValueError, match="one label for each box was expected; got 1 boxes and 2 labels"):
        plots.scene(ax, torch.rand(3, 4, 5), [[0, 0, 1, 1]], [1, 2])


def test_a_label_map_has_the_colours_of_its_classes_and_hatches_void():
    _, (ax,) = plots.panels()
    labels = torch.zeros(8, 8, dtype=torch.int64)
    labels[2:5, 2:7], labels[6:] = 3, 255
    assert plots.label_map(ax, labels, ("no", "a", "b", "c")) is ax
    shown = ax.images[0].get_array()
    assert mpl.colors.to_hex(shown[3, 3]).upper() == plots.GREEN
    void = shown[6:].reshape(-1, 3)
    assert (void == void[:, :1]).all(), "grey"
    assert len(np.unique(void)) == 2, "in stripes"
    assert words(ax) == ["c"]
    column, row = ax.texts[0].get_position()
    assert labels[row, column] == 3, "a name stands on its class"


def test_a_signed_field_is_blue_inside():
    _, (ax,) = plots.panels()
    axis = np.arange(9) - 4.0
    assert plots.signed_field(ax, np.hypot(axis[:, None], axis) - 3) is ax
    shown = ax.images[0].get_array()
    assert shown[4, 4, 2] > shown[4, 4, 0]
    assert shown[0, 0, 0] > shown[0, 0, 2]
    plots.signed_field(ax, np.ones((2, 3)))


def test_the_old_name_of_a_matrix_s_colour_still_works():
    _, axes = plots.panels(1, 2)
    with pytest.warns(DeprecationWarning, match=r"matrix\(color=\) is now colour="):
        plots.matrix(axes[0], np.ones((1, 1)), color=plots.GREEN)
    plots.matrix(axes[1], np.ones((1, 1)), colour=plots.GREEN)
    tints = [mpl.colors.to_hex(ax.patches[0].get_facecolor()[:3]).upper() for ax in axes]
    assert tints == [plots.GREEN] * 2
