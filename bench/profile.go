package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"time"
)

// freeAddress returns an address on which nobody listens.
func freeAddress() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer listener.Close()
	return listener.Addr().String(), nil
}

// takeProfile writes what Headwater spends its time on under one workload into a file.
func (b *bench) takeProfile(ctx context.Context) error {
	chosen := b.chosen()
	if len(chosen) != 1 {
		return fmt.Errorf("a profile is taken under one workload, but -only leaves %d", len(chosen))
	}
	var s *server
	for _, candidate := range b.servers {
		if candidate.profile != "" && candidate.can(chosen[0]) {
			s = candidate
		}
	}
	if s == nil {
		return fmt.Errorf("no server of those chosen can be profiled under %s", chosen[0].name)
	}
	long := max(b.long, 5*time.Second)
	done := make(chan error, 1)
	go func() {
		done <- fetch(ctx, fmt.Sprintf("http://%s/debug/pprof/profile?seconds=%.0f", s.profile, long.Seconds()), b.options.profile)
	}()
	what, err := chosen[0].asks(s, places(b.size, s.known, b.end))
	if err != nil {
		return err
	}
	taken, err := b.hearing.round(s.process, what, long+500*time.Millisecond)
	if err != nil {
		return err
	}
	s.recorded(chosen[0], taken.requests)
	fmt.Printf("%d requests of %s while the profile was taken: go tool pprof -top %s\n", taken.requests, chosen[0].name, b.options.profile)
	return <-done
}

func fetch(ctx context.Context, address, file string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	profile, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("the profile: %s: %.300s", response.Status, profile)
	}
	if err != nil {
		return err
	}
	return os.WriteFile(file, profile, 0o600)
}
