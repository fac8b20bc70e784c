"""The marking machine, tested module by module, and the wrong answers it is tried on."""
