package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

type lockFile struct {
	Packages map[string]struct {
		Version  string
		Optional bool
	}
}

// checkPackages fails unless node_modules holds exactly the packages of package-lock.json.
func checkPackages(root string) error {
	wanted, err := readLock(filepath.Join(root, "package-lock.json"))
	if err != nil {
		return fmt.Errorf("run this in tools/playground: %w", err)
	}
	installed, err := readLock(filepath.Join(root, "node_modules", ".package-lock.json"))
	if errors.Is(err, os.ErrNotExist) {
		return errors.New("node_modules is missing: run `npm ci` in tools/playground first")
	}
	if err != nil {
		return err
	}
	var wrong []string
	for path, pkg := range wanted.Packages {
		if path == "" || pkg.Optional {
			continue
		}
		if installed.Packages[path].Version != pkg.Version {
			wrong = append(wrong, strings.TrimPrefix(path, "node_modules/")+" "+pkg.Version)
		}
	}
	if len(wrong) > 0 {
		slices.Sort(wrong)
		return fmt.Errorf("node_modules is not what package-lock.json pins: run `npm ci` in tools/playground first (%s)",
			strings.Join(wrong, ", "))
	}
	return nil
}

func readLock(path string) (lockFile, error) {
	var lock lockFile
	text, err := os.ReadFile(path)
	if err != nil {
		return lock, err
	}
	if err := json.Unmarshal(text, &lock); err != nil {
		return lock, fmt.Errorf("%s: %w", path, err)
	}
	return lock, nil
}
