package main

import (
	"fmt"
	"io"
)

// notices takes what a command says beside its result: standard error, so that the result alone goes where it is sent.
type notices struct{ io.Writer }

func (n notices) say(format string, args ...any) { fmt.Fprintf(n, format+"\n", args...) }
