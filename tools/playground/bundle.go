package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"fmt"
	"html/template"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// base is the address under which the program serves the bundle.
const base = "/playground/"

// workers are Monaco's language workers by the label that it asks for.
var workers = []struct{ label, module string }{
	{"editor", "monaco-editor/esm/vs/editor/editor.worker.js"},
	{"json", "monaco-editor/esm/vs/language/json/json.worker.js"},
	{"graphql", "monaco-graphql/esm/graphql.worker.js"},
}

// file is one finished file: its path below base, and its bytes.
type file struct {
	path string
	body []byte
	// hashed says that the path names these bytes and no others, ever.
	hashed bool
}

// bundle builds all files of the playground. The first is index.html.
func bundle(root string, tabs []tab) ([]file, error) {
	options := api.BuildOptions{
		AbsWorkingDir:     root,
		Outdir:            filepath.Join(root, "assets"),
		Bundle:            true,
		Metafile:          true,
		MinifyWhitespace:  true,
		MinifyIdentifiers: true,
		MinifySyntax:      true,
		Platform:          api.PlatformBrowser,
		Target:            api.ES2022,
		LegalComments:     api.LegalCommentsNone,
		EntryNames:        "[name]-[hash]",
		ChunkNames:        "[name]-[hash]",
		AssetNames:        "[name]-[hash]",
		Loader:            map[string]api.Loader{".ttf": api.LoaderFile},
		JSX:               api.JSXAutomatic,
		Define:            map[string]string{"process.env.NODE_ENV": `"production"`},
	}
	inputs := map[string]bool{}
	built, names, err := buildWorkers(options, inputs)
	if err != nil {
		return nil, err
	}
	page, script, style, err := buildPage(options, inputs)
	if err != nil {
		return nil, err
	}
	icon, err := os.ReadFile(filepath.Join(root, "app", "favicon.svg"))
	if err != nil {
		return nil, err
	}
	iconPath := fmt.Sprintf("assets/favicon-%s.svg", contentHash(icon))
	licences, err := collectLicences(root, inputs)
	if err != nil {
		return nil, err
	}
	licencesPath := fmt.Sprintf("assets/licences-%s.txt", contentHash(licences))
	index, err := fillIndex(filepath.Join(root, "app", "index.html"), map[string]any{
		"Base": base, "Script": script, "Style": style, "Icon": iconPath, "Licences": licencesPath,
		"Setup": map[string]any{"tabs": tabs, "workers": names},
	})
	if err != nil {
		return nil, err
	}
	files := []file{
		{path: "index.html", body: index},
		{path: iconPath, body: icon, hashed: true},
		{path: licencesPath, body: licences, hashed: true},
	}
	return append(append(files, built...), page...), nil
}

// buildWorkers bundles each worker into one classic script, and returns the file names by label.
func buildWorkers(options api.BuildOptions, inputs map[string]bool) ([]file, map[string]string, error) {
	options.Format = api.FormatIIFE
	for _, worker := range workers {
		options.EntryPointsAdvanced = append(options.EntryPointsAdvanced,
			api.EntryPoint{InputPath: worker.module, OutputPath: worker.label + ".worker"})
	}
	files, outputs, err := build(options, inputs)
	if err != nil {
		return nil, nil, err
	}
	names := map[string]string{}
	for path, output := range outputs {
		for _, worker := range workers {
			if strings.HasSuffix(output.EntryPoint, worker.module) {
				names[worker.label] = strings.TrimPrefix(path, "assets/")
			}
		}
	}
	if len(names) != len(workers) {
		return nil, nil, fmt.Errorf("built workers for %v only", names)
	}
	return files, names, nil
}

// buildPage bundles the page's own script, split where it imports on demand, and returns the paths of its script and style.
func buildPage(options api.BuildOptions, inputs map[string]bool) (files []file, script, style string, err error) {
	options.Format = api.FormatESModule
	options.Splitting = true
	options.EntryPoints = []string{"app/main.jsx"}
	files, outputs, err := build(options, inputs)
	if err != nil {
		return nil, "", "", err
	}
	for path, output := range outputs {
		if output.EntryPoint == "app/main.jsx" {
			script, style = path, output.CSSBundle
		}
	}
	if script == "" || style == "" {
		return nil, "", "", fmt.Errorf("built script %q and style %q", script, style)
	}
	// esbuild also writes a style for each script that is imported on demand; nothing asks for those.
	files = slices.DeleteFunc(files, func(f file) bool { return strings.HasSuffix(f.path, ".css") && f.path != style })
	return files, script, style, nil
}

type output struct {
	EntryPoint string `json:"entryPoint"`
	CSSBundle  string `json:"cssBundle"`
}

// build runs esbuild, and adds the paths of what went in to inputs. A warning is an error.
func build(options api.BuildOptions, inputs map[string]bool) ([]file, map[string]output, error) {
	result := api.Build(options)
	if faults := append(result.Errors, result.Warnings...); len(faults) > 0 {
		return nil, nil, fmt.Errorf("esbuild:\n%s",
			strings.Join(api.FormatMessages(faults, api.FormatMessagesOptions{Kind: api.ErrorMessage}), ""))
	}
	var meta struct {
		Inputs  map[string]struct{}
		Outputs map[string]output
	}
	if err := json.Unmarshal([]byte(result.Metafile), &meta); err != nil {
		return nil, nil, err
	}
	for path := range meta.Inputs {
		inputs[path] = true
	}
	var files []file
	for _, out := range result.OutputFiles {
		path, err := filepath.Rel(options.AbsWorkingDir, out.Path)
		if err != nil {
			return nil, nil, err
		}
		files = append(files, file{path: filepath.ToSlash(path), body: out.Contents, hashed: true})
	}
	return files, meta.Outputs, nil
}

func fillIndex(path string, values map[string]any) ([]byte, error) {
	page, err := template.ParseFiles(path)
	if err != nil {
		return nil, err
	}
	var text bytes.Buffer
	if err := page.Option("missingkey=error").Execute(&text, values); err != nil {
		return nil, err
	}
	return text.Bytes(), nil
}

// contentHash names bytes as esbuild does: eight characters of base32.
func contentHash(body []byte) string {
	sum := sha256.Sum256(body)
	return base32.StdEncoding.EncodeToString(sum[:])[:8]
}
