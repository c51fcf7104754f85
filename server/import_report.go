package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"headwater/transfer"
)

// maxNamed is how many places of a reason are named.
const maxNamed = 100

// console shows how an import goes on: the places it has to tell of on one side, a bar, or now and then a line, on the other.
type console struct {
	notices  io.Writer
	progress io.Writer
	bar      bool
	folder   string // in front of the files of notices
	all      bool
	named    map[string]int
	unit     string
	started  time.Time
	shown    time.Time
	drawn    bool // a bar stands on the last line of the terminal
}

// barEvery and lineEvery are how long a bar and a line of progress stand at least.
const (
	barEvery  = 100 * time.Millisecond
	lineEvery = 10 * time.Second
)

func newConsole(notices io.Writer, progress *os.File, all bool) *console {
	now := time.Now()
	return &console{
		notices: notices, progress: progress, bar: isTerminal(progress), all: all, named: map[string]int{}, started: now, shown: now,
	}
}

// watch returns what is to be told of one import; what it does is counted in unit.
func (c *console) watch(unit string) transfer.Watch {
	c.unit, c.started = unit, time.Now()
	return transfer.Watch{Notice: c.notice, Progress: c.step}
}

func (c *console) notice(n transfer.Notice) {
	n.File = filepath.Join(c.folder, n.File)
	switch c.named[n.Reason]++; {
	case c.all || c.named[n.Reason] <= maxNamed:
		c.clear()
		fmt.Fprintln(c.notices, printable(n.String()))
	case c.named[n.Reason] == maxNamed+1:
		c.clear()
		fmt.Fprintf(c.notices, "more of them: %s (--all names each)\n", n.Reason)
	}
}

// printable takes out of a text what would act on a terminal.
func printable(text string) string {
	quoted := strconv.Quote(text)
	return strings.NewReplacer(`\"`, `"`, `\\`, `\`).Replace(quoted[1 : len(quoted)-1])
}

func (c *console) step(done, total int64) {
	now := time.Now()
	every := lineEvery
	if c.bar {
		every = barEvery
	}
	if now.Sub(c.shown) < every {
		return
	}
	c.shown = now
	text := c.state(done, total, now.Sub(c.started))
	if !c.bar {
		fmt.Fprintln(c.progress, text)
		return
	}
	c.clear()
	if total > 0 {
		const width = 30
		full := int(min(done, total) * width / total)
		text = "[" + strings.Repeat("#", full) + strings.Repeat(".", width-full) + "] " + text
	}
	fmt.Fprint(c.progress, text)
	c.drawn = true
}

// state says how much is done, and how fast.
func (c *console) state(done, total int64, since time.Duration) string {
	text := ""
	if total > 0 {
		text = fmt.Sprintf("%d %%, ", min(done, total)*100/total)
	}
	rate := int64(float64(done) / max(since.Seconds(), 0.001))
	if c.unit == "bytes" {
		return fmt.Sprintf("%s%.1f MB, %.1f MB/s", text, float64(done)/1e6, float64(rate)/1e6)
	}
	return fmt.Sprintf("%s%s %s, %s/s", text, grouped(done), c.unit, grouped(rate))
}

// clear takes the bar off the terminal.
func (c *console) clear() {
	if c.drawn {
		fmt.Fprint(c.progress, "\r\x1b[K")
		c.drawn = false
	}
}

func (c *console) end() { c.clear() }

// grouped writes a number with a comma before each three digits.
func grouped(n int64) string {
	digits := strconv.FormatInt(n, 10)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// printPostReport prints what became of what was found somewhere, such as the files of a folder.
func printPostReport(out io.Writer, place, found string, report transfer.PostReport, dry bool, took time.Duration) error {
	sheet := newSheet("%s: %s %s, %s", place, grouped(report.Files), found, took.Round(time.Millisecond))
	if dry {
		sheet.row(0, report.Read, "that could be taken (a dry run: nothing was written)")
	} else {
		sheet.row(0, report.Created, "created")
		sheet.row(0, report.Updated, "updated")
		sheet.row(0, report.Unchanged, "unchanged")
		if report.Scheduled > 0 {
			sheet.row(1, report.Scheduled, "of these dated in the future: the server publishes them then")
		}
	}
	if report.Images > 0 {
		sheet.row(0, report.Images, "images that these show")
	}
	sheet.row(0, report.Left.Total(), "left out")
	sheet.tally(1, report.Left)
	if len(report.Changed) > 0 {
		sheet.row(0, report.Changed.Total(), "notes on posts that were taken")
		sheet.tally(1, report.Changed)
	}
	if !dry && report.Created+report.Updated == 0 {
		sheet.line("Nothing has changed.")
	}
	return sheet.print(out)
}

// printLogReport prints what became of the lines of logs.
func printLogReport(out io.Writer, logs int, report transfer.LogReport, dry bool, took time.Duration) error {
	word := "logs"
	if logs == 1 {
		word = "log"
	}
	sheet := newSheet("%d %s, %s", logs, word, took.Round(time.Millisecond))
	if !dry {
		sheet.row(0, report.Earlier, "lines taken by earlier runs")
	}
	taken := "lines taken"
	if dry {
		taken = "lines that could be taken (a dry run: nothing was written)"
	}
	sheet.row(0, report.Taken, taken)
	if dry {
		sheet.row(1, report.Views, "page views, robots among them")
	} else {
		sheet.row(1, report.Views, "page views")
		sheet.row(1, report.Robots, "page views of robots, counted apart")
	}
	if report.Posts > 0 {
		sheet.row(1, report.Posts, "of these, robots among them, by paths such as those of posts")
	}
	sheet.row(1, report.Passed.Total(), "no page views")
	sheet.tally(2, report.Passed)
	sheet.row(0, report.Left.Total(), "lines left out")
	sheet.tally(1, report.Left)
	if len(report.Unread) > 0 {
		sheet.row(0, report.Unread.Total(), "logs left out, or not read to their end")
		sheet.tally(1, report.Unread)
	}
	if !dry && report.Taken == 0 {
		sheet.line("Nothing has changed.")
	}
	return sheet.print(out)
}

// sheet is a report: counts in a column, and below a count what it is made of.
type sheet struct{ strings.Builder }

func newSheet(title string, args ...any) *sheet {
	s := &sheet{}
	s.line(title, args...)
	return s
}

func (s *sheet) line(text string, args ...any) { fmt.Fprintf(s, text+"\n", args...) }

func (s *sheet) row(depth int, n int64, what string) {
	s.line("%12s  %s%s", grouped(n), strings.Repeat("  ", depth), what)
}

func (s *sheet) tally(depth int, counts transfer.Tally) {
	for _, reason := range counts.Reasons() {
		s.row(depth, counts[reason], reason)
	}
}

func (s *sheet) print(out io.Writer) error {
	_, err := io.WriteString(out, s.String())
	return err
}
