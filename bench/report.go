package main

import "fmt"

// line is what one server's figures of one workload look like.
func line(w workload, s *server, f figures) string {
	loud := ""
	if f.noise != "" {
		loud = "  not quiet: " + f.noise
	}
	return fmt.Sprintf("%-8s  %-16s  %8.4f ms CPU  %8.0f/s  p50 %7.3f ms  p99 %7.3f ms%s", w.name, s.name, f.cpu, f.perSec, milliseconds(f.p50), milliseconds(f.p99), loud)
}
