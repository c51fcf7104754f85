package store

import (
	"fmt"
	"net/netip"
	"runtime"
	"strings"
	"testing"

	"headwater/logic"
	"headwater/logic/metric"
)

// What the writer knows by heart is the paths alone, and not the addresses that they were cut out of.
func TestMemoryKeepsNothingOfLongAddresses(t *testing.T) {
	s := openTest(t)
	service := metric.New(s.Metric(), func() logic.Moment { return testNow }, s.Keys(), metric.Options{})
	ctx := logic.WithViewer(t.Context(), logic.Viewer{Limit: logic.AllScopes, Address: netip.MustParseAddr("203.0.113.9"), UserAgent: testFirefox})
	heap := func() int64 {
		runtime.GC()
		var stats runtime.MemStats
		runtime.ReadMemStats(&stats)
		return int64(stats.HeapAlloc)
	}
	const paths, length = 40, 1 << 20
	before := heap()
	for i := range paths {
		address := fmt.Sprint("/", i, "?", strings.Repeat("q", length))
		if _, err := service.RecordEvents(ctx, []metric.EventInput{{Path: &address}}); err != nil {
			t.Fatal(err)
		}
	}
	if grown := heap() - before; grown > paths*length/4 {
		t.Errorf("%d paths take %d bytes of memory", paths, grown)
	}
	if known := len(s.memory.places); known < paths {
		t.Errorf("only %d places are known", known)
	}
}
