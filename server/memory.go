package main

import "runtime"

// spareBytes is how much memory stands there without being written to, so that it takes none of the machine's. Go's collector runs whenever
// as much was allocated as it knows to be in use: beside the few megabytes that Headwater holds at rest that is some hundred times a second
// under load. With the spare counted it is a third as often, for about as much more memory as the spare has.
const spareBytes = 8 << 20

// spareCollector has the collector run less often, until end is called.
func spareCollector() (end func()) {
	spare := make([]byte, spareBytes)
	return func() { runtime.KeepAlive(spare) }
}
