package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// figures are what one round measured.
type figures struct {
	requests int
	perCPU   float64 // milliseconds of the server's processor time a request
	perSec   float64
	p50, p99 time.Duration
}

// round sends bodies to the server over and over, for about as long as given, on so many connections.
func round(ctx context.Context, p *process, headers http.Header, bodies [][]byte, connections int, long time.Duration, verify func([]byte) error) (figures, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: connections, DisableCompression: true}}
	defer client.CloseIdleConnections()

	before, err := p.cpu()
	if err != nil {
		return figures{}, err
	}
	begin := time.Now()
	var sent atomic.Int64
	times := make([][]time.Duration, connections)
	var wait sync.WaitGroup
	for c := range connections {
		wait.Go(func() {
			var answer bytes.Buffer
			for time.Since(begin) < long && ctx.Err() == nil {
				n := int(sent.Add(1))
				asked := time.Now()
				if err := ask(ctx, client, p.url, headers, bodies[n%len(bodies)], &answer); err != nil {
					cancel(err)
					return
				}
				times[c] = append(times[c], time.Since(asked))
				if err := verify(answer.Bytes()); err != nil {
					cancel(err)
				}
			}
		})
	}
	wait.Wait()
	took := time.Since(begin)
	if err := context.Cause(ctx); err != nil {
		return figures{}, err
	}
	after, err := p.cpu()
	if err != nil {
		return figures{}, err
	}
	all := slices.Concat(times...)
	slices.Sort(all)
	return figures{
		requests: len(all),
		perCPU:   float64(after-before) / float64(time.Millisecond) / float64(len(all)),
		perSec:   float64(len(all)) / took.Seconds(),
		p50:      all[len(all)/2],
		p99:      all[len(all)*99/100],
	}, nil
}

func ask(ctx context.Context, client *http.Client, url string, headers http.Header, body []byte, answer *bytes.Buffer) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url+"/graphql", bytes.NewReader(body))
	if err != nil {
		return err
	}
	maps.Copy(request.Header, headers)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", "application/json")
	request.Header.Set("User-Agent", agents[0])
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	answer.Reset()
	if _, err := io.Copy(answer, response.Body); err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("status %d: %.300s", response.StatusCode, answer.Bytes())
	}
	return nil
}
