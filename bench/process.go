package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// process is a server that runs apart, so that what it costs can be told from what asking costs.
type process struct {
	url string
	cmd *exec.Cmd
}

var listening = regexp.MustCompile(`http://127\.0\.0\.1:\d+`)

// start runs a server and waits until it prints its address.
func start(ctx context.Context, name string, args ...string) (*process, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 10 * time.Second
	out, in, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	cmd.Stdout, cmd.Stderr = in, in
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	in.Close()
	p := &process{cmd: cmd}
	var printed strings.Builder
	for lines := bufio.NewScanner(out); p.url == "" && lines.Scan(); {
		printed.WriteString(lines.Text() + "\n")
		p.url = listening.FindString(lines.Text())
	}
	if p.url == "" {
		return nil, fmt.Errorf("%s ended before it listened: %w\n%s", name, cmd.Wait(), printed.String())
	}
	go io.Copy(io.Discard, out)
	return p, nil
}

func (p *process) stop() error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	return p.cmd.Wait()
}

// clockTick is what /proc counts processor time in: USER_HZ, a hundredth of a second on every Linux.
const clockTick = 10 * time.Millisecond

// cpu returns the processor time that the process has used.
func (p *process) cpu() (time.Duration, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	_, after, _ := strings.Cut(string(stat), ") ") // the name before may hold anything
	fields := strings.Fields(after)
	var ticks time.Duration
	for _, i := range []int{11, 12} { // utime and stime
		n, err := strconv.ParseInt(fields[i], 10, 64)
		if err != nil {
			return 0, fmt.Errorf("processor time of process %d: %w", p.cmd.Process.Pid, err)
		}
		ticks += time.Duration(n)
	}
	return ticks * clockTick, nil
}

// memory returns the private memory of the process in bytes.
func (p *process) memory() (int64, error) {
	rollup, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", p.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	var total int64
	for line := range strings.Lines(string(rollup)) {
		if name, value, _ := strings.Cut(line, ":"); strings.HasPrefix(name, "Private_") {
			kilobytes, err := strconv.ParseInt(strings.Fields(value)[0], 10, 64)
			if err != nil {
				return 0, fmt.Errorf("memory of process %d: %w", p.cmd.Process.Pid, err)
			}
			total += kilobytes << 10
		}
	}
	return total, nil
}
