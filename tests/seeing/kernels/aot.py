"""Compile a Triton kernel for a GPU that is not there, and read what it would take.

Triton's compiler needs no device. But it must not be in interpreter mode, which the tests choose where there is no
GPU, before the kernels are imported. So a fresh process compiles:

    report = compile_kernel("seeing.kernels.gpu.nms", "walk", {"mask": "*i64", "n": "i32"}, {"bits": 64})
    assert report.spilled_bytes == 0
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass

import pytest


@dataclass(frozen=True)
class Report:
    """What the assembler says of a kernel."""

    registers: int
    spilled_bytes: int
    """Bytes stored to and loaded from local memory for lack of registers, in one thread."""
    ptx: str


def compile_kernel(
    module: str,
    kernel: str,
    signature: Mapping[str, str],
    constants: Mapping[str, int | float | bool],
    options: Mapping[str, object] | None = None,
    capability: int = 90,
) -> Report:
    """Compile one kernel ahead of time; skips the test, saying why, where the tools are missing.

    Args:
        module: where the kernel is, as one imports it.
        kernel: its name.
        signature: the type of each argument that is no constant: "*fp32" (a pointer), "i32", "fp32" ...
        constants: the value of each constexpr argument, and of arguments to be specialised.
        options: of the launch: num_warps, num_stages, enable_fp_fusion ...
        capability: of the GPU; 90 is an H100.
    """
    pytest.importorskip("triton", reason="triton is not installed")
    asked = json.dumps([module, kernel, dict(signature), dict(constants), dict(options or {}), capability])
    environment = {name: value for name, value in os.environ.items() if name != "TRITON_INTERPRET"}
    done = subprocess.run([sys.executable, __file__], input=asked, capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout.splitlines()[-1])
    if "missing" in answer:
        pytest.skip(f"no ahead-of-time compilation: {answer['missing']}")
    return Report(**answer)


def main() -> None:
    """In the fresh process: read what to compile from stdin, print the report as JSON."""
    import importlib
    import tempfile

    import triton
    from triton.backends.compiler import GPUTarget
    from triton.compiler import ASTSource

    try:
        assembler = triton.knobs.nvidia.ptxas.path
    except (AttributeError, RuntimeError) as error:
        print(json.dumps({"missing": f"triton {triton.__version__} names no assembler: {error}"}))
        return
    module, kernel, types, constants, options, capability = json.load(sys.stdin)
    function = getattr(importlib.import_module(module), kernel)
    signature = {name: types.get(name, "constexpr") for name in function.arg_names}
    source = ASTSource(fn=function, signature=signature, constexprs=constants)
    compiled = triton.compile(source, target=GPUTarget("cuda", capability, 32), options=options)
    with tempfile.NamedTemporaryFile("w", suffix=".ptx") as file:
        file.write(compiled.asm["ptx"])
        file.flush()
        architecture = re.search(r"\.target (\w+)", compiled.asm["ptx"]).group(1)
        command = [assembler, "-v", f"--gpu-name={architecture}", file.name, "-o", os.devnull]
        log = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    report = {
        "registers": int(re.search(r"Used (\d+) registers", log).group(1)),
        "spilled_bytes": sum(map(int, re.findall(r"(\d+) bytes spill", log))),
        "ptx": compiled.asm["ptx"],
    }
    print(json.dumps(report))


if __name__ == "__main__":
    main()
