package httpd

import (
	"context"
	"sync/atomic"
	"time"

	"headwater/logic"
)

// retryAfter is when what found no room may come again.
const retryAfter = time.Second

// gate lets a number of operations run at once, and a number more wait for their turn.
type gate struct {
	slots   chan struct{}
	queue   int64
	waiting atomic.Int64
}

func newGate(running, queue int) *gate {
	return &gate{slots: make(chan struct{}, running), queue: int64(queue)}
}

// enter returns once there is room, and must be paired with leave. It returns OVERLOADED where too many wait already, and the
// context's error where that ends first.
func (g *gate) enter(ctx context.Context) error {
	select {
	case g.slots <- struct{}{}:
		return nil
	default:
	}
	defer g.waiting.Add(-1)
	if g.waiting.Add(1) > g.queue {
		return logic.Fault(logic.CodeOverloaded, "The server has more to do than it can. Try again in a moment.")
	}
	select {
	case g.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (g *gate) leave() { <-g.slots }

// turn is the place of one operation, behind one gate at a time. The zero turn has none.
type turn struct{ gate *gate }

// take gives up the place that there is, and waits for one behind g, as enter does.
func (t *turn) take(ctx context.Context, g *gate) error {
	t.leave()
	if err := g.enter(ctx); err != nil {
		return err
	}
	t.gate = g
	return nil
}

// leave gives up the place, where there is one.
func (t *turn) leave() {
	if t.gate != nil {
		t.gate.leave()
		t.gate = nil
	}
}
