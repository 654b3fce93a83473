"""COMPAS, Adult, FICO and the recidivism predictions: the published counts, and files that are malformed."""

from dataclasses import FrozenInstanceError, fields, replace

import numpy as np
import pytest

from seeing.data import (
    BadFile,
    load_adult,
    load_compas,
    load_fico,
    load_recidivism_predictions,
)
from seeing.data import postprocessing as predictions_module
from seeing.data.files import Refusals
from seeing.data.table import between, day, number, number_or_nothing, one_of, read_table, whole
from tests.seeing.data.trees import write

CELLS = {"n": whole, "x": number_or_nothing, "word": one_of("a", "b")}
ADULT_LINE = "39, State-gov, 7, HS-grad, 13, Never-married, ?, Husband, White, Male, 2174, 0, 40, ?, <=50K"


def read(tmp_path, text, bad="raise", **options):
    refusals = Refusals(bad)
    return read_table(write(tmp_path / "t.csv", text), CELLS, refusals, **options), refusals.records


def test_columns_by_name_in_any_order(tmp_path):
    columns, bad = read(tmp_path, 'x,extra,word,n\n1.5,"a, b\nc",a,-3\n\n,"",b,4\n')
    assert columns["n"].tolist() == [-3, 4]
    assert columns["x"].tolist()[0] == 1.5
    assert np.isnan(columns["x"][1])
    assert columns["word"].tolist() == ["a", "b"]
    assert [columns[name].dtype.kind for name in CELLS] == ["i", "f", "U"]
    assert bad == []


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("1,2", "line 3: 3 cells were expected; got 2"),
        ("1,2,a,4", "line 3: 3 cells were expected; got 4"),
        ("one,2,a", "line 3, n: a whole number was expected; got 'one'"),
        ("1.0,2,a", "line 3, n: a whole number"),
        ("1_0,2,a", "line 3, n: a whole number"),
        ("9999999999999999999999,2,a", "line 3, n: a whole number"),
        ("1,nan,a", "line 3, x: a number was expected; got 'nan'"),
        ("1,inf,a", "line 3, x: a number"),
        ("1,2,c", "line 3, word: one of a, b was expected; got 'c'"),
    ],
)
def test_bad_lines_are_named_or_skipped(tmp_path, line, message):
    text = f"n,x,word\n1,2,a\n{line}\n3,4,b\n"
    with pytest.raises(ValueError, match=rf"t\.csv: {message}"):
        read(tmp_path, text)
    columns, bad = read(tmp_path, text, "skip")
    assert columns["n"].tolist() == [1, 3]
    assert len(bad) == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file is empty"),
        ("n,x\n1,2\n", "a column word was expected; got n, x"),
        ("n,x,word\n", "lines of data were expected; got none"),
        ('n,x,word\n1,2,"a\n', "line 2: unexpected end of data"),
        (b"n,x,word\n1,2,\xff\n", "UTF-8"),
        ("n,x,word\n1,2," + "a" * 200_000, "line 2: field larger than field limit"),
    ],
)
def test_bad_files(tmp_path, text, message):
    for bad in ("raise", "skip"):
        with pytest.raises(BadFile, match=rf"t\.csv: .*{message}"):
            read(tmp_path, text, bad)


def test_a_file_without_names(tmp_path):
    columns, _ = read(tmp_path, "|comment\n1, 2, a\n", names=["n", "x", "word"])
    assert {name: column.tolist() for name, column in columns.items()} == {"n": [1], "x": [2], "word": ["a"]}


def test_ranges():
    assert between(number, 0, 1)("0.5") == 0.5
    with pytest.raises(ValueError, match=r"a number in 0\.\.1 was expected; got '2'"):
        between(number, 0, 1)("2")


def test_days():
    assert day("2014-04-01") == np.datetime64("2014-04-01")
    assert day("2016-02-29").dtype == np.dtype("datetime64[D]")
    for text in ("", "2014-04", "2014-4-1", "20140401", "2014-W14-2", "01/04/2014", "2014-02-30", "2014-04-01 00:00"):
        with pytest.raises(ValueError, match=f"a day such as 2014-04-01 was expected; got '{text}'"):
            day(text)


COMPAS_CELLS = {
    "id": "7",
    "name": "a b",
    "compas_screening_date": "2014-04-01",
    "sex": "Male",
    "age": "34",
    "age_cat": "25 - 45",
    "race": "Other",
    "juv_fel_count": "0",
    "juv_misd_count": "0",
    "juv_other_count": "0",
    "priors_count": "2",
    "days_b_screening_arrest": "",
    "c_charge_degree": "F",
    "is_recid": "1",
    "two_year_recid": "1",
    "decile_score": "5",
    "score_text": "Medium",
}


def test_compas_by_hand(tmp_path):
    late = COMPAS_CELLS | {"compas_screening_date": "2014-04-02"}
    bad = COMPAS_CELLS | {"compas_screening_date": "2014-04-31"}
    lines = [",".join(line) for line in (COMPAS_CELLS, *(row.values() for row in (COMPAS_CELLS, bad, late)))]
    write(tmp_path / "compas-scores-two-years.csv", "\n".join(lines))
    message = r"line 3, compas_screening_date: a day such as 2014-04-01 was expected; got '2014-04-31'"
    with pytest.raises(BadFile, match=message):
        load_compas(tmp_path, False)
    table = load_compas(tmp_path, False, bad="skip")
    assert (len(table), len(table.bad)) == (2, 1)
    assert table.compas_screening_date.dtype == np.dtype("datetime64[D]")
    assert (table.compas_screening_date <= np.datetime64("2014-04-01")).tolist() == [True, False]
    assert np.isnan(table.days_b_screening_arrest).all()


@pytest.mark.parametrize(
    ("violent", "published_filter", "rows", "again"),
    [(False, False, 7214, 3251), (False, True, 6172, 2809), (True, False, 4743, 775), (True, True, 4020, 652)],
)
def test_the_real_compas(real_data, violent, published_filter, rows, again):
    table = load_compas(real_data, False, violent=violent, published_filter=published_filter)
    assert len(table) == rows
    assert table.two_year_recid.sum() == again
    assert {column.shape for column in table.columns().values()} == {(rows,)}
    assert set(table.race) <= {"African-American", "Caucasian", "Hispanic", "Other", "Asian", "Native American"}
    assert table.decile_score.min() >= 1
    assert np.array_equal(table.score_text == "Low", table.decile_score <= 4)


def test_the_real_compas_gives_propublicas_rates(real_data):
    """False positive rates of 44.85 and 23.45 percent, of all 7,214 rows."""
    table = load_compas(real_data, False)
    rates = {}
    for race in ("African-American", "Caucasian"):
        stayed = table.rows((table.race == race) & (table.two_year_recid == 0))
        rates[race] = round(100 * (stayed.decile_score > 4).mean(), 2)
    assert rates == {"African-American": 44.85, "Caucasian": 23.45}


def test_after_the_cut_off_the_real_compas_holds_only_those_charged_again(real_data):
    table = load_compas(real_data, False)
    early = table.compas_screening_date <= np.datetime64("2014-04-01")
    assert early.sum() == 6216
    assert table.two_year_recid[~early].all()
    assert not np.isnat(table.compas_screening_date).any()
    assert table.compas_screening_date.min() == np.datetime64("2013-01-01")


def test_no_person_of_compas_is_named(real_data):
    assert not {"name", "first", "last", "dob"} & {field.name for field in fields(load_compas(real_data, False))}


@pytest.mark.parametrize(
    ("split", "rows", "complete", "rich"),
    [("train", 32_561, 30_162, 7_841), ("test", 16_281, 15_060, 3_846), ("all", 48_842, 45_222, 11_687)],
)
def test_the_real_adult(real_data, split, rows, complete, rich):
    table = load_adult(real_data, False, split=split)
    assert (len(table), table.is_complete().sum(), table.income.sum()) == (rows, complete, rich)
    assert table.income.dtype == np.int64
    assert set(table.sex) == {"Female", "Male"}


def test_adult_by_hand(tmp_path):
    write(tmp_path / "adult.data", f"{ADULT_LINE}\n{ADULT_LINE.replace('<=', '>')}\n\n")
    write(tmp_path / "adult.test", f"|1x3 Cross validator\n{ADULT_LINE.replace('<=', '>')}.\n")
    table = load_adult(tmp_path, split="all")
    assert table.income.tolist() == [0, 1, 1]
    assert table.occupation.tolist() == ["?"] * 3
    assert table.capital_gain.tolist() == [2174] * 3
    assert not table.is_complete().any()
    assert len(table.rows(slice(1, 3))) == 2
    assert table.rows(np.array([2, 0])).income.tolist() == [1, 0]
    with pytest.raises(FrozenInstanceError):
        table.age = None
    with pytest.raises(ValueError, match="split must be one of train, test, all; got 'val'"):
        load_adult(tmp_path, split="val")


def test_adult_with_bad_lines(tmp_path):
    write(tmp_path / "adult.data", f"{ADULT_LINE}\n{ADULT_LINE}K\n{ADULT_LINE}, 4\n")
    with pytest.raises(ValueError, match=r"adult\.data: line 2, income: one of <=50K, >50K was expected; got '<=50KK'"):
        load_adult(tmp_path)
    table = load_adult(tmp_path, bad="skip")
    assert (len(table), len(table.bad)) == (1, 2)
    assert len(table.rows(slice(0)).bad) == 2


def test_the_real_fico(real_data):
    fico = load_fico(real_data, download=False)
    assert fico.groups == ("White", "Black", "Hispanic", "Asian")
    assert fico.totals.tolist() == [133165, 18274, 14702, 7906]
    assert fico.scores.shape == (198,)
    assert fico.cdf.shape == fico.default_rate.shape == (198, 4)
    assert (fico.cdf[-1] == 1).all()
    assert fico.default_rate[0].tolist() == pytest.approx([0.9854, 0.9967, 0.9905, 0.9477])


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("\n1,", "\n0.5,", "rise|scores"),
        ("5,10,20,30,40", "5,10,20,30,140", r"line 3, Asian: a number in 0\.\.100"),
        ("5,10,20,30,40", "5,1,20,30,40", "distributions that rise were expected"),
        ("Black", "black", "a column Black was expected"),
    ],
)
def test_fico_malformed(tmp_path, old, new, message):
    header = "Score,Non- Hispanic white,Black,Hispanic,Asian\n"
    table = header + "1,2,3,4,5\n5,10,20,30,40\n"
    write(tmp_path / "transrisk_cdf_by_race_ssa.csv", table)
    write(tmp_path / "transrisk_performance_by_race_ssa.csv", table)
    write(tmp_path / "totals.csv", header.replace("Score", "Kind") + "SSA,1,2,3,4\n")
    assert load_fico(tmp_path).cdf[1].tolist() == [0.1, 0.2, 0.3, 0.4]
    write(tmp_path / "transrisk_cdf_by_race_ssa.csv", table.replace(old, new))
    with pytest.raises(BadFile, match=message):
        load_fico(tmp_path)


def test_the_real_predictions(real_data):
    table = load_recidivism_predictions(real_data, download=False)
    assert len(table) == 6150
    black = load_compas(real_data, False).race == "African-American"
    assert (table.group == 1).sum() == black.sum() == 3696
    outcomes = load_compas(real_data, False).two_year_recid[black]
    assert table.label[table.group == 1].sum() == outcomes.sum()
    assert 0 < table.prediction.min() < table.prediction.max() < 1


def test_predictions_malformed(tmp_path):
    path = write(tmp_path / "criminal_recidivism.csv", ",label,group,prediction\n0,1.0,0.0,0.5\n1,0.5,0,1.5\n")
    with pytest.raises(BadFile, match=rf"{path}: line 3, label: 0 or 1 was expected; got '0.5'"):
        load_recidivism_predictions(tmp_path)
    assert load_recidivism_predictions(tmp_path, bad="skip").label.tolist() == [1]


def test_a_table_is_fetched_once_and_checked(tmp_path, origin, monkeypatch):
    (remote,) = predictions_module.SOURCE.remotes
    local = replace(remote, url=origin.put("p.csv", b",label,group,prediction\n0,1,0,0.5\n"))
    monkeypatch.setattr(predictions_module, "SOURCE", replace(predictions_module.SOURCE, remotes=(local,)))
    with pytest.raises(ValueError, match=rf"criminal_recidivism\.csv: .*{remote.sha256}; got"):
        load_recidivism_predictions(tmp_path)
    assert not any(path.is_file() for path in tmp_path.rglob("*"))
