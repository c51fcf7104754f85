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

// start runs a server on its core and waits until it prints its address.
func start(ctx context.Context, on cores, command []string, env ...string) (*process, error) {
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Env = append(os.Environ(), env...)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 10 * time.Second
	out, in, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	cmd.Stdout, cmd.Stderr = in, in
	if err := on.start(cmd); err != nil {
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
		return nil, fmt.Errorf("%s ended before it listened: %w\n%s", command[0], cmd.Wait(), printed.String())
	}
	go io.Copy(io.Discard, out)
	return p, nil
}

// stop ends the process, in whatever way it then ends.
func (p *process) stop() {
	if p.cmd.Process.Signal(syscall.SIGTERM) == nil {
		p.cmd.Wait()
	}
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

// memory returns in bytes what the process alone holds in memory and has written to. Pages of files that it has only read, as those of its
// program and of a mapped database, the system takes back when it wants them.
func (p *process) memory() (int64, error) {
	rollup, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", p.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(rollup)) {
		if value, ok := strings.CutPrefix(line, "Private_Dirty:"); ok {
			kilobytes, err := strconv.ParseInt(strings.Fields(value)[0], 10, 64)
			return kilobytes << 10, err
		}
	}
	return 0, fmt.Errorf("process %d tells nothing of its private memory", p.cmd.Process.Pid)
}
