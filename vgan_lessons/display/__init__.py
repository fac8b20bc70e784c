"""What is seen without a kernel: figures, curves, clips that move, strips and files."""
