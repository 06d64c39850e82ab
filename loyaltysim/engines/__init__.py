"""Time and the line, told twice: to be read (`reference`) and to be fast (`kernel`)."""
