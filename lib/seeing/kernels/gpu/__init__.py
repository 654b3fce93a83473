"""Triton kernels, for CUDA tensors. With TRITON_INTERPRET=1, set before they are imported, they take CPU tensors."""
