package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
)

// path is where the floors answer a workload.
func (w workload) path() string { return "/" + strings.ReplaceAll(w.name, " ", "-") }

// serveStored answers each path with the bytes of the file of that name in dir, as nothing that speaks HTTP in Go can do faster.
func serveStored(dir string) error {
	files, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	answers := map[string][]byte{}
	for _, file := range files {
		if answers["/"+file.Name()], err = os.ReadFile(filepath.Join(dir, file.Name())); err != nil {
			return err
		}
	}
	return listen(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		w.Write(answers[r.URL.Path])
	})
}

// listen serves on a free port, which it prints.
func listen(handler http.HandlerFunc) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Printf("http://%s\n", listener.Addr())
	return http.Serve(listener, handler)
}
