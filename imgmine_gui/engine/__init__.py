"""The process boundary: TensorFlow lives in a child process that is started, watched and ended from here.

A program that uses an engine starts under ``if __name__ == "__main__":`` and calls ``multiprocessing.freeze_support()``
first, since the child begins by importing the program's main module.
"""
