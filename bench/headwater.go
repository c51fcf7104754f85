package main

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"strings"
)

// operator gives commands to Headwater, as whoever holds the data does.
type operator struct{ program, data string }

func (o operator) run(ctx context.Context, args ...string) (string, error) {
	command := exec.CommandContext(ctx, o.program, append(args, "--data", o.data, "--log-level", "error")...)
	var said bytes.Buffer
	command.Stderr = &said
	printed, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("headwater %s: %w\n%s", strings.Join(args, " "), err, &said)
	}
	return strings.TrimSpace(string(printed)), nil
}

// introduce sets the limits of clients as high as they go, and returns a secret key that may read metrics.
func (o operator) introduce(ctx context.Context) (string, error) {
	limit := []string{"--requests-per-minute", "1000000"}
	for _, args := range [][]string{
		append([]string{"client", "change", "public"}, limit...),
		append([]string{"client", "add", "bench", "--kind", "SERVER", "--scope", "ALL"}, limit...),
	} {
		if _, err := o.run(ctx, args...); err != nil {
			return "", err
		}
	}
	return o.run(ctx, "key", "add", "bench", "--label", "bench", "--kind", "SECRET", "--scope", "ALL")
}

// serve is the command that serves the data to callers whom no limit of requests slows down.
func (o operator) serve(more ...string) []string {
	return append([]string{
		o.program, "serve", "--data", o.data, "--listen", "127.0.0.1:0", "--log-level", "warn",
		"--requests-per-minute", "0", "--trusted-proxies", "127.0.0.1",
	}, more...)
}
