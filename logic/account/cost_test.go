package account_test

import (
	"fmt"
	"runtime/debug"
	"runtime/metrics"
	"sync"
	"testing"
	"time"

	"headwater/logic"
)

func TestSixtySignInsAtOnceTakeLittleMemory(t *testing.T) {
	w := newWorld(t)
	for i := range 60 {
		w.add(fmt.Sprintf("user-%d", i), logic.RoleReader)
	}
	debug.FreeOSMemory()
	before := memory()
	var signedIn sync.WaitGroup
	for i := range 60 {
		signedIn.Go(func() {
			mustDo(t, "signing in", w.try(fmt.Sprintf("user-%d", i), good, "203.0.113.7"))
		})
	}
	done := make(chan struct{})
	go func() { signedIn.Wait(); close(done) }()
	peak := before
	for waiting := true; waiting; {
		select {
		case <-done:
			waiting = false
		case <-time.After(time.Millisecond):
		}
		peak = max(peak, memory())
	}
	const most = 300 << 20
	if grown := peak - before; grown > most {
		t.Errorf("memory grew by %d MiB", grown>>20)
	} else {
		t.Logf("memory grew by %d MiB", grown>>20)
	}
}

// memory returns how many bytes Go holds of the machine's memory.
func memory() uint64 {
	samples := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(samples)
	return samples[0].Value.Uint64() - samples[1].Value.Uint64()
}
