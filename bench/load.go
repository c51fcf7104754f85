package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// figures are what one round measured.
type figures struct {
	requests int
	cpu      float64 // milliseconds of the server's processor time a request
	perSec   float64
	p50, p99 time.Duration
	noise    string // which neighbour was heard, if any
}

// asked is one kind of request with all its arguments, as they go over the wire.
type asked struct {
	requests    [][]byte
	connections int
	verify      func(answer []byte) error
}

// round asks a server over and over for about as long as given.
func (l *listener) round(p *process, what asked, long time.Duration) (figures, error) {
	before, err := l.read(p)
	if err != nil {
		return figures{}, err
	}
	end := before.at.Add(long)
	times, err := p.ask(what, func(int) bool { return time.Now().Before(end) })
	if err != nil {
		return figures{}, err
	}
	after, err := l.read(p)
	if err != nil {
		return figures{}, err
	}
	noise, err := l.noise(before, after)
	slices.Sort(times)
	return figures{
		requests: len(times),
		cpu:      milliseconds(after.serverProcess-before.serverProcess) / float64(len(times)),
		perSec:   float64(len(times)) / after.at.Sub(before.at).Seconds(),
		p50:      times[len(times)/2],
		p99:      times[len(times)*99/100],
		noise:    noise,
	}, err
}

// ask sends requests in turn on so many connections while goOn says so of the next one, and returns how long each took to be answered.
func (p *process) ask(what asked, goOn func(request int) bool) ([]time.Duration, error) {
	var next atomic.Int64
	times := make([][]time.Duration, what.connections)
	failed := make(chan error, what.connections)
	var group sync.WaitGroup
	for i := range what.connections {
		group.Go(func() {
			c, err := dial(p.url)
			if err != nil {
				failed <- err
				return
			}
			defer c.Close()
			for {
				n := int(next.Add(1)) - 1
				if len(failed) > 0 || !goOn(n) {
					return
				}
				begin := time.Now()
				answer, err := c.ask(what.requests[n%len(what.requests)])
				if err == nil {
					times[i] = append(times[i], time.Since(begin))
					err = what.verify(answer)
				}
				if err != nil {
					failed <- err
					return
				}
			}
		})
	}
	group.Wait()
	close(failed)
	return slices.Concat(times...), <-failed
}

// connection is one to a server, by which requests go as they are: what asking costs is to be little.
type connection struct {
	net.Conn
	reader *bufio.Reader
	answer bytes.Buffer
}

func dial(server string) (*connection, error) {
	address, err := url.Parse(server)
	if err != nil {
		return nil, err
	}
	conn, err := net.Dial("tcp", address.Host)
	if err != nil {
		return nil, err
	}
	return &connection{Conn: conn, reader: bufio.NewReaderSize(conn, 64<<10)}, nil
}

// ask sends a request and returns the answer's body, which is good until the next.
func (c *connection) ask(request []byte) ([]byte, error) {
	if _, err := c.Write(request); err != nil {
		return nil, err
	}
	response, err := http.ReadResponse(c.reader, nil)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	c.answer.Reset()
	if _, err := io.Copy(&c.answer, response.Body); err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%.200q was answered by %s: %.500s", request, response.Status, c.answer.Bytes())
	}
	return c.answer.Bytes(), nil
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
