// Command gqlgen generates graph/gen from schema.graphqls and gqlgen.yml. It has a main of its own, since what is added to
// gqlgen's generator comes as Go values.
package main

import (
	"bytes"
	"fmt"
	"log"
	"os"
	"strings"

	"github.com/99designs/gqlgen/api"
	"github.com/99designs/gqlgen/codegen/config"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "gqlgen:", err)
		os.Exit(1)
	}
}

// run generates for the first gqlgen.yml in this folder or above, from whose folder all paths in it are read.
func run() error {
	cfg, err := config.LoadConfigFromDefaultLocations()
	if err != nil {
		return err
	}
	var notes bytes.Buffer
	log.SetFlags(0)
	log.SetOutput(&notes)
	if err := api.Generate(cfg, api.AddPlugin(directExecutor{})); err != nil {
		return err
	}
	return mismatch(notes.String())
}

// mismatch returns an error unless all of gqlgen's notes say that a Go type lacks a field, which so becomes a resolver. The
// others say that a field is there but does not fit: gqlgen would go on with a resolver in its place.
func mismatch(notes string) error {
	for note := range strings.Lines(notes) {
		if !strings.HasSuffix(strings.TrimSpace(note), "nothing matched") {
			return fmt.Errorf("a binding does not fit: %s", strings.TrimSpace(note))
		}
	}
	return nil
}
