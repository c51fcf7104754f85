package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

var (
	packageFolder = regexp.MustCompile(`^.*node_modules/(?:@[^/]+/)?[^/]+`)
	licenceName   = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice|thirdpartynotices)([.-].*)?$`)
)

// collectLicences returns one text with the name, version and licence of every npm package that any of inputs (paths
// below root) came from, as their licences ask of whoever passes them on.
func collectLicences(root string, inputs map[string]bool) ([]byte, error) {
	folders := map[string]bool{}
	for path := range inputs {
		if folder := packageFolder.FindString(path); folder != "" {
			folders[folder] = true
		}
	}
	text := bytes.NewBufferString("The playground contains the following packages.\n")
	for _, folder := range slices.Sorted(maps.Keys(folders)) {
		if err := writeLicence(text, filepath.Join(root, folder)); err != nil {
			return nil, fmt.Errorf("%s: %w", folder, err)
		}
	}
	return text.Bytes(), nil
}

func writeLicence(text *bytes.Buffer, folder string) error {
	description, err := os.ReadFile(filepath.Join(folder, "package.json"))
	if err != nil {
		return err
	}
	var pkg struct{ Name, Version, License string }
	if err := json.Unmarshal(description, &pkg); err != nil {
		return err
	}
	fmt.Fprintf(text, "\n%s\n\n%s %s, licence: %s\n", strings.Repeat("=", 80), pkg.Name, pkg.Version,
		cmp.Or(pkg.License, "see below"))
	entries, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if entry.IsDir() || !licenceName.MatchString(entry.Name()) {
			continue
		}
		body, err := os.ReadFile(filepath.Join(folder, entry.Name()))
		if err != nil {
			return err
		}
		body = bytes.ReplaceAll(body, []byte("\r\n"), []byte("\n"))
		fmt.Fprintf(text, "\n%s\n", bytes.TrimSpace(body))
	}
	return nil
}
