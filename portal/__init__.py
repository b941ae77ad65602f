"""A person at a browser, or a program that asks for one."""
