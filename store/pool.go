package store

import (
	"context"
	"sync"
)

// pool is the connections that read: as many as are needed at once, up to a limit. They stay open.
type pool struct {
	path   string
	places chan struct{} // one for each that is in use

	mu     sync.Mutex
	idle   []*connection // the one used last comes last
	closed bool
}

func newPool(path string, size int) *pool {
	return &pool{path: path, places: make(chan struct{}, size)}
}

// take returns a connection for the caller alone, who gives it back.
func (p *pool) take(ctx context.Context) (*connection, error) {
	select {
	case p.places <- struct{}{}:
	default: // whoever need not wait does not ask for the end of waiting, which may cost a timer
		select {
		case p.places <- struct{}{}:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	c, err := p.next()
	if err != nil {
		<-p.places
	}
	return c, err
}

func (p *pool) next() (*connection, error) {
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return nil, errClosed
	}
	if last := len(p.idle) - 1; last >= 0 {
		defer p.mu.Unlock()
		c := p.idle[last]
		p.idle = p.idle[:last]
		return c, nil
	}
	p.mu.Unlock()
	return openReading(p.path)
}

func (p *pool) give(c *connection) {
	p.mu.Lock()
	if p.closed {
		c.close()
	} else {
		p.idle = append(p.idle, c)
	}
	p.mu.Unlock()
	<-p.places
}

// close closes the connections; those in use, once they are given back.
func (p *pool) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	for _, c := range p.idle {
		c.close()
	}
	p.idle = nil
}

// run runs a query on a connection that is free.
func (p *pool) run(ctx context.Context, query string, args []any, take func(*row) error) (int64, error) {
	c, err := p.take(ctx)
	if err != nil {
		return 0, err
	}
	defer p.give(c)
	return c.run(ctx, query, args, take)
}
