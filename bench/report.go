package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// printWorkload prints the figures of one workload.
func printWorkload(w workload, rounds map[string][]figures) {
	for _, name := range serverNames {
		if len(rounds[name]) > 0 {
			fmt.Println(line(w, name, middle(rounds[name])))
		}
	}
}

// line is what one server's figures of one workload look like.
func line(w workload, server string, f figures) string {
	text := fmt.Sprintf("%-8s  %-16s  %8.4f ms CPU", w.name, server, f.cpu)
	if f.perSec > 0 {
		text += fmt.Sprintf("  %8.0f/s  p50 %8.3f ms  p99 %8.3f ms", f.perSec, milliseconds(f.p50), milliseconds(f.p99))
	}
	if f.noise != "" {
		text += "  not quiet: " + f.noise
	}
	return text
}

// report is all that was measured, as docs/performance.md has it.
func (b *bench) report() string {
	var out strings.Builder
	fmt.Fprintf(&out, "Measured on %s: %s, %s, %d cores (servers on one, the load on another); %d rounds of %s each, the middle of each figure.\n",
		time.Now().UTC().Format(time.DateOnly), processor(), runtime.Version(), runtime.NumCPU(), b.count, b.long)
	fmt.Fprintf(&out, "%d rounds were refused and measured again for a noisy neighbour; figures with a * come from one that would not be quiet.\n", b.refused)
	b.matrix(&out, "Milliseconds of the server's processor time a request", func(f figures) string { return amount(f.cpu) })
	b.matrix(&out, "Requests a second", func(f figures) string { return whenAsked(f, fmt.Sprintf("%.0f", f.perSec)) })
	b.matrix(&out, "Milliseconds until the answer: half of them, and 99 of a hundred, took no longer", func(f figures) string {
		return whenAsked(f, amount(milliseconds(f.p50))+" · "+amount(milliseconds(f.p99)))
	})
	out.WriteString("\n| server | first answer after the start, ms | private memory, MB: idle | most | after all | program, MB |\n|---|---:|---:|---:|---:|---:|\n")
	for _, s := range b.servers {
		fmt.Fprintf(&out, "| %s | %s | %s | %s | %s | %s |\n", s.title, amount(milliseconds(s.first)), amount(megabytes(s.idle)), amount(megabytes(s.peak)),
			amount(megabytes(s.last)), amount(megabytes(s.size)))
	}
	out.WriteString("\n| workload | against | wanted | measured | |\n|---|---|---:|---:|---|\n")
	for _, t := range b.targets() {
		fmt.Fprintln(&out, t)
	}
	return out.String()
}

// whenAsked leaves out what only a server that is asked over HTTP has.
func whenAsked(f figures, text string) string {
	if f.perSec == 0 {
		return ""
	}
	return text
}

// matrix writes a table with a row for each workload and a column for each server.
func (b *bench) matrix(out *strings.Builder, title string, cell func(figures) string) {
	fmt.Fprintf(out, "\n%s:\n\n| |", title)
	for _, name := range serverNames {
		fmt.Fprintf(out, " %s |", name)
	}
	out.WriteString("\n|---|" + strings.Repeat("---:|", len(serverNames)) + "\n")
	for _, w := range workloads {
		if b.rounds[w.name] == nil {
			continue
		}
		fmt.Fprintf(out, "| %s |", w.name)
		for _, name := range serverNames {
			text := ""
			if rounds := b.rounds[w.name][name]; len(rounds) > 0 {
				f := middle(rounds)
				if text = cell(f); text != "" && f.noise != "" {
					text += "*"
				}
			}
			fmt.Fprintf(out, " %s |", text)
		}
		out.WriteString("\n")
	}
}

// Between these lines of performance.md stands what is measured.
const (
	figuresBegin = "<!-- What make bench measured; it is written anew each time. -->\n"
	figuresEnd   = "<!-- The end of that. -->\n"
)

// write puts the report and its picture into the folder of the documentation.
func (b *bench) write() error {
	file := filepath.Join(b.root, b.docs, "performance.md")
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	before, rest, ok := strings.Cut(string(text), figuresBegin)
	_, after, found := strings.Cut(rest, figuresEnd)
	if !ok || !found {
		return fmt.Errorf("%s lacks the lines between which figures stand", file)
	}
	report := b.report()
	fmt.Println("\n" + report)
	if err := os.WriteFile(file, []byte(before+figuresBegin+"\n"+report+"\n"+figuresEnd+after), 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(b.root, b.docs, "performance.svg"), b.picture(), 0o644)
}

// processor returns the name of the machine's processor.
func processor() string {
	info, err := os.ReadFile("/proc/cpuinfo")
	if err == nil {
		for line := range strings.Lines(string(info)) {
			if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
				return strings.TrimSpace(value)
			}
		}
	}
	return runtime.GOARCH
}
