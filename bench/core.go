package main

import (
	"os"
	"os/exec"
	"runtime"
	"strconv"

	"golang.org/x/sys/unix"
)

// cores says where the load and the servers run: on two cores that are not the same. Without pinning, both are anyCore.
type cores struct{ load, server int }

// anyCore lets the system choose.
const anyCore = -1

// pinLoad keeps this program on its core; threads that come later inherit that from those there are.
func (c cores) pinLoad() error {
	if c.load == anyCore {
		return nil
	}
	runtime.GOMAXPROCS(1)
	threads, err := os.ReadDir("/proc/self/task")
	if err != nil {
		return err
	}
	for _, thread := range threads {
		id, err := strconv.Atoi(thread.Name())
		if err != nil {
			return err
		}
		if err := pin(id, c.load); err != nil {
			return err
		}
	}
	return nil
}

// onServerCore calls do on a thread that stands on the servers' core: what it starts stays there, and counts that core alone.
func (c cores) onServerCore(do func() error) error {
	if c.server == anyCore {
		return do()
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := pin(0, c.server); err != nil {
		return err
	}
	defer pin(0, c.load)
	return do()
}

// start starts a server's process on the servers' core.
func (c cores) start(cmd *exec.Cmd) error { return c.onServerCore(cmd.Start) }

func pin(thread, core int) error {
	var set unix.CPUSet
	set.Set(core)
	return unix.SchedSetaffinity(thread, &set)
}
