package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// write makes folder hold exactly the packed files.
func write(folder string, packed map[string][]byte) error {
	if err := os.RemoveAll(folder); err != nil {
		return err
	}
	for name, body := range packed {
		path := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, body, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// compare fails, naming each file, unless folder holds exactly the packed files.
func compare(folder string, packed map[string][]byte) error {
	present, err := read(folder)
	if err != nil {
		return err
	}
	all := maps.Clone(present)
	maps.Copy(all, packed)
	var faults []string
	for _, name := range slices.Sorted(maps.Keys(all)) {
		was, isThere := present[name]
		now, belongs := packed[name]
		switch {
		case !isThere:
			faults = append(faults, "missing:  "+name)
		case !belongs:
			faults = append(faults, "left over: "+name)
		case !bytes.Equal(was, now):
			faults = append(faults, "differs:  "+name)
		}
	}
	if len(faults) > 0 {
		return fmt.Errorf("%s is not what the sources give; run `go run .` in tools/playground and commit the result\n%s",
			folder, strings.Join(faults, "\n"))
	}
	return nil
}

func read(folder string) (map[string][]byte, error) {
	files := map[string][]byte{}
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(folder, path)
		if err != nil {
			return err
		}
		files[filepath.ToSlash(name)], err = os.ReadFile(path)
		return err
	})
	return files, err
}

// summary says in one line what was written.
func summary(files []file, packed map[string][]byte) string {
	var plain, gzipped, brotlied int
	for _, f := range files {
		plain += len(f.body)
		gzipped += len(packed[f.path+".gz"])
		brotlied += len(packed[f.path+".br"])
	}
	const mb = 1e6
	return fmt.Sprintf("%d files: %.2f MB, %.2f MB by gzip, %.2f MB by brotli",
		len(files), float64(plain)/mb, float64(gzipped)/mb, float64(brotlied)/mb)
}
