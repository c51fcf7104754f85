package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// tab is one query that the playground opens with. Variables is JSON; in its strings, {{today}} and {{today-29}} stand for
// calendar days, and whoever opens the tab puts them in.
type tab struct {
	Name      string `json:"name"`
	Query     string `json:"query"`
	Variables string `json:"variables"`
}

var operationName = regexp.MustCompile(`(?m)^query (\w+)`)

// readTabs reads the pairs of NAME.graphql and NAME.json in folder, by the order of their names. A tab is called by its
// operation's name.
func readTabs(folder string) ([]tab, error) {
	paths, err := filepath.Glob(filepath.Join(folder, "*.graphql"))
	if err != nil {
		return nil, err
	}
	if len(paths) == 0 {
		return nil, fmt.Errorf("%s: no query", folder)
	}
	var tabs []tab
	for _, path := range paths {
		query, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		name := operationName.FindSubmatch(query)
		if name == nil {
			return nil, fmt.Errorf("%s: no named query", path)
		}
		path = strings.TrimSuffix(path, ".graphql") + ".json"
		variables, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		if !json.Valid(variables) {
			return nil, fmt.Errorf("%s: not JSON", path)
		}
		tabs = append(tabs, tab{
			Name:      string(name[1]),
			Query:     strings.TrimSpace(string(query)) + "\n",
			Variables: strings.TrimSpace(string(variables)),
		})
	}
	return tabs, nil
}
