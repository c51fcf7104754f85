package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

// maxLine is how many bytes of standard input are read for a password.
const maxLine = 4096

// newPassword asks for a new password on the terminal, twice and without showing it; where standard input is none, it is the first
// line there.
func newPassword(ctx context.Context, input *os.File, prompts io.Writer) (string, error) {
	if !isTerminal(input) {
		return firstLine(input)
	}
	first, err := askUnseen(ctx, input, prompts, "New password: ")
	if err != nil {
		return "", err
	}
	second, err := askUnseen(ctx, input, prompts, "Again: ")
	if err == nil && first != second {
		err = usageError{errors.New("the two passwords are not the same")}
	}
	return first, err
}

// firstLine returns the first line of input, without its end.
func firstLine(input io.Reader) (string, error) {
	line, err := bufio.NewReader(io.LimitReader(input, maxLine)).ReadString('\n')
	if err != nil && err != io.EOF {
		return "", fmt.Errorf("standard input: %w", err)
	}
	line = strings.TrimRight(line, "\r\n")
	if line == "" {
		return "", usageError{errors.New("the password is read from the first line of standard input, which is empty")}
	}
	return line, nil
}

// askUnseen reads a line that the terminal does not show. Where ctx ends meanwhile, the terminal shows again what is typed.
func askUnseen(ctx context.Context, terminal *os.File, prompts io.Writer, prompt string) (string, error) {
	number := int(terminal.Fd())
	before, err := term.GetState(number)
	if err != nil {
		return "", err
	}
	type line struct {
		text []byte
		err  error
	}
	read := make(chan line, 1)
	fmt.Fprint(prompts, prompt)
	defer fmt.Fprintln(prompts)
	go func() {
		text, err := term.ReadPassword(number)
		read <- line{text, err}
	}()
	select {
	case line := <-read:
		return string(line.text), line.err
	case <-ctx.Done():
		return "", errors.Join(errors.New("stopped"), term.Restore(number, before))
	}
}
