"""What holds for the whole process of the tests, set before anything is imported."""

import os
import signal

import torch

# Triton kernels run on the CPU where there is no GPU: their interpreter is chosen when triton is imported.
if not torch.cuda.is_available():
    os.environ.setdefault("TRITON_INTERPRET", "1")

# A shell that runs a command in the background has it ignore interrupts, and so would all that the tests start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
