"""What a course's notebooks do works inside, at the default limits."""


def ordinary():
    import concurrent.futures
    import multiprocessing
    import os
    import subprocess
    import sys
    import tempfile
    import threading

    import numpy as np

    found = {"numpy": float(np.linalg.inv(np.eye(300) * 2).sum())}
    found["subprocess"] = subprocess.run([sys.executable, "-c", "print(1)"], capture_output=True, text=True).stdout
    results = []
    threads = [threading.Thread(target=results.append, args=(i,)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found["threads"] = len(results)
    for method in ("fork", "spawn", "forkserver"):
        with multiprocessing.get_context(method).Pool(2) as pool:
            found[method] = pool.map(abs, [-1, 2])
    with concurrent.futures.ProcessPoolExecutor(2) as pool:
        found["futures"] = list(pool.map(abs, [-3]))
    with tempfile.TemporaryDirectory() as folder, open(f"{folder}/a", "w+") as file:
        file.write("x")
        found["temporary"] = os.path.dirname(folder)
    with tempfile.NamedTemporaryFile() as file:
        found["named"] = file.name.startswith("/tmp/")
    return found


def test_ordinary_programs(sandbox):
    assert sandbox(ordinary) == {
        "numpy": 150.0,
        "subprocess": "1\n",
        "threads": 8,
        "fork": [1, 2],
        "spawn": [1, 2],
        "forkserver": [1, 2],
        "futures": [3],
        "temporary": "/tmp",
        "named": True,
    }


def learn():
    from pathlib import Path

    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt
    import torch

    found = {"torch": torch.ones(64, 64).matmul(torch.ones(64, 64)).sum().item()}
    layer = torch.nn.Conv2d(3, 8, 3)
    layer(torch.rand(2, 3, 32, 32)).mean().backward()
    found["gradient"] = bool(layer.weight.grad.abs().sum() > 0)
    data = torch.utils.data.TensorDataset(torch.arange(64).float())
    loader = torch.utils.data.DataLoader(data, batch_size=8, num_workers=2)
    found["loader"] = sum(batch[0].sum().item() for batch in loader)
    torch.save(layer.state_dict(), "layer.pt")
    found["saved"] = sorted(torch.load("layer.pt", weights_only=True))
    figure, axes = plt.subplots()
    axes.plot([1, 2])
    axes.set_title("title")
    figure.savefig("figure.png")
    found["figure"] = Path("figure.png").read_bytes()[:4] == b"\x89PNG"
    return found


def test_torch_and_matplotlib(sandbox):
    assert sandbox(learn) == {
        "torch": 64.0**3,
        "gradient": True,
        "loader": 2016.0,
        "saved": ["bias", "weight"],
        "figure": True,
    }


def nothing():
    return None


def test_fast(sandbox):
    """Entering and confining stay far below a cell's own time: 25 ms, here without those in which others ran."""
    assert min(sandbox(nothing, whole=True)["seconds"] for _ in range(3)) < 0.1
