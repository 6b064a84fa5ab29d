"""The menus of the window, one module each; every action of the window lives in one of them."""
