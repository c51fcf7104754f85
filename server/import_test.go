package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"headwater/logic"
	"headwater/logic/metric"
	"headwater/transfer"
)

// beProgram in the environment makes the test binary the program itself.
const beProgram = "HEADWATER_TEST_BE_PROGRAM"

func init() {
	if os.Getenv(beProgram) != "" {
		os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
	}
}

// program returns a command that runs the program with a data folder, in folder dir.
func programIn(t *testing.T, dir string, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), self, args...)
	command.Dir = dir
	command.Env = append(os.Environ(), beProgram+"=1", "HEADWATER_DATA=data", "HEADWATER_LOG_LEVEL=warn")
	return command
}

// runIn runs the program to its end and returns what it printed and its exit code.
func runIn(t *testing.T, dir, input string, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	command := programIn(t, dir, args...)
	var out, errs bytes.Buffer
	command.Stdin, command.Stdout, command.Stderr = strings.NewReader(input), &out, &errs
	err := command.Run()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		code = exit.ExitCode()
	} else if err != nil {
		t.Fatal(err)
	}
	return out.String(), errs.String(), code
}

// mustRunIn runs the program and wants every one of wanted in what it prints, and no error.
func mustRunIn(t *testing.T, dir, input string, args []string, wanted ...string) {
	t.Helper()
	stdout, stderr, code := runIn(t, dir, input, args...)
	if code != 0 || stderr != "" {
		t.Errorf("%q ends with %d and says %q", args, code, stderr)
	}
	for _, want := range wanted {
		if !strings.Contains(stdout, want) {
			t.Errorf("%q does not print %q but\n%s", args, want, stdout)
		}
	}
}

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
		t.Fatal(err)
	}
}

// viewsIn returns the views that a data folder has of March 2025.
func viewsIn(t *testing.T, dir string) int64 {
	t.Helper()
	ctx := logic.WithViewer(t.Context(), logic.Operator())
	settings := Settings{Data: filepath.Join(dir, "data")}
	house, err := settings.open(ctx, slog.New(slog.DiscardHandler), commandNode(), services{})
	if err != nil {
		t.Fatal(err)
	}
	defer house.store.Close()
	from, err := logic.ParseDay("2025-03-01")
	if err != nil {
		t.Fatal(err)
	}
	report, err := house.metric.Report(ctx, metric.Range{From: from, To: from + 30}, metric.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	totals, err := house.metric.Totals(ctx, report)
	if err != nil {
		t.Fatal(err)
	}
	return totals.Views
}

func TestImportPosts(t *testing.T) {
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "content/a.md"), "---\ntitle: A\ndate: 2025-03-04\n---\n<script>x</script>Text.\n")
	writeFile(t, filepath.Join(dir, "content/b/index.md"), "+++\ntitle = \"B\"\ndate = 2025-03-05\n+++\nText.\n")
	writeFile(t, filepath.Join(dir, "content/readme.md"), "Nothing.\n")
	args := []string{"import", "posts", "content"}
	mustRunIn(t, dir, "", append(args, "--dry-run"), "2  that could be taken", "content/readme.md: no front matter\n")
	if _, err := os.Stat(filepath.Join(dir, "data")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a dry run made a data folder: %v", err)
	}
	mustRunIn(t, dir, "", args,
		"content/readme.md: no front matter\n", "content/a.md: sanitising took something out (1 × <script>)\n",
		"3 files of Markdown", "2  created\n", "0  updated\n", "0  unchanged\n", "1  left out\n", "1    no front matter\n")
	mustRunIn(t, dir, "", args, "0  created\n", "0  updated\n", "2  unchanged\n", "1  left out\n", "Nothing has changed.\n")
	writeFile(t, filepath.Join(dir, "content/a.md"), "---\ntitle: A\ndate: 2025-03-04\n---\nMore text.\n")
	mustRunIn(t, dir, "", append(args, "--dry-run"), "2  that could be taken")
	mustRunIn(t, dir, "", args, "0  created\n", "1  updated\n", "1  unchanged\n")
	writeFile(t, filepath.Join(dir, "content/a.md"), "---\ntitle: A\ndate: 9999-03-04\n---\nMore text.\n")
	mustRunIn(t, dir, "", args, "1  updated\n", "1    of these dated in the future")
	mustRunIn(t, dir, "", args, "2  unchanged\n", "1    of these dated in the future")
}

func logLine(n int) string {
	return fmt.Sprintf(`192.0.2.%d - - [04/Mar/2025:12:%02d:%02d +0000] "GET /a HTTP/1.1" 200 5 "-" "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"`,
		n%250, n/60%60, n%60) + "\n"
}

func TestImportLog(t *testing.T) {
	dir := t.TempDir()
	text := logLine(1) + "nonsense\n" + logLine(2) + strings.Replace(logLine(3), "/a", "/posts/a", 1)
	var packed bytes.Buffer
	writer := gzip.NewWriter(&packed)
	if _, err := io.WriteString(writer, text); err != nil {
		t.Fatal(err)
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(dir, "a.log.gz"), packed.String())
	writeFile(t, filepath.Join(dir, "empty.log"), "")
	args := []string{"import", "log", "--post-path", "/posts/{slug}"}
	mustRunIn(t, dir, text, append(args, "-", "--dry-run"), "standard input:2: no time that can be read\n", "3  lines that could be taken")
	mustRunIn(t, dir, "", append(args, "a.log.gz", "empty.log"), "a.log.gz:2: no time that can be read\n", "2 logs", "3  lines taken\n",
		"3    page views\n", "1    of these, robots among them, by paths such as those of posts\n", "1  lines left out\n")
	mustRunIn(t, dir, text, append(args, "-"), "4  lines taken by earlier runs\n", "0  lines taken\n", "Nothing has changed.\n")
	mustRunIn(t, dir, text+logLine(4), append(args, "-"), "4  lines taken by earlier runs\n", "1  lines taken\n")
	if views := viewsIn(t, dir); views != 4 {
		t.Errorf("%d views, want 4", views)
	}
}

func TestImportStopsCleanly(t *testing.T) {
	dir := t.TempDir()
	var text strings.Builder
	text.WriteString("nonsense, but long enough to tell one log from another\n")
	const lines = 1000
	for n := range lines {
		text.WriteString(logLine(n))
	}
	command := programIn(t, dir, "import", "log", "-")
	input, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	output, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var errs bytes.Buffer
	command.Stderr = &errs
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(input, text.String()); err != nil {
		t.Fatal(err)
	}
	const notice = "standard input:1: no time that can be read\n"
	if first := make([]byte, len(notice)); true {
		if _, err := io.ReadFull(output, first); err != nil || string(first) != notice {
			t.Fatalf("it prints %q, %v", first, err)
		}
	}
	if err := command.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	rest, err := io.ReadAll(output)
	if err != nil {
		t.Fatal(err)
	}
	exit, ok := errors.AsType[*exec.ExitError](command.Wait())
	if !ok || exit.ExitCode() != exitFailed || !strings.Contains(errs.String(), "stopped before the end") {
		t.Errorf("it ends with %v and says %q", exit, errs.String())
	}
	if !strings.Contains(string(rest), "0  lines taken\n") {
		t.Errorf("it reports\n%s", rest)
	}
	mustRunIn(t, dir, text.String(), []string{"import", "log", "-"}, "1,000  lines taken\n")
	if views := viewsIn(t, dir); views != lines {
		t.Errorf("%d views, want %d", views, lines)
	}
}

func TestImportExitCodes(t *testing.T) {
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "content/a.md"), "Nothing.\n")
	writeFile(t, filepath.Join(dir, "a.log"), "nonsense\n")
	for name, test := range map[string]struct {
		args []string
		code int
		says string
	}{
		"nothing to take":    {[]string{"import", "posts", "content"}, 0, ""},
		"no line to take":    {[]string{"import", "log", "a.log"}, 0, ""},
		"no folder":          {[]string{"import", "posts"}, exitUsage, "<dir>"},
		"a folder not there": {[]string{"import", "posts", "nowhere"}, exitUsage, "nowhere"},
		"a file as folder":   {[]string{"import", "posts", "a.log"}, exitUsage, "a.log is not a folder"},
		"no log":             {[]string{"import", "log"}, exitUsage, "<file>"},
		"a log not there":    {[]string{"import", "log", "a.log", "nowhere"}, exitUsage, "nowhere"},
		"a folder as log":    {[]string{"import", "log", "content"}, exitUsage, "content is a folder"},
		"input twice":        {[]string{"import", "log", "-", "-"}, exitUsage, "- can be given once"},
		"no slug":            {[]string{"import", "log", "--post-path", "/blog", "a.log"}, exitUsage, "/blog"},
		"unknown flag":       {[]string{"import", "log", "--fast", "a.log"}, exitUsage, "--fast"},
		"no data folder":     {[]string{"import", "log", "--data", "a.log", "a.log"}, exitFailed, "a.log"},
	} {
		t.Run(name, func(t *testing.T) {
			_, stderr, code := runIn(t, dir, "", test.args...)
			if code != test.code || !strings.Contains(stderr, test.says) || test.code == 0 && stderr != "" {
				t.Errorf("it ends with %d and says %q; want %d and %q", code, stderr, test.code, test.says)
			}
		})
	}
}

func TestConsole(t *testing.T) {
	var notices, progress bytes.Buffer
	show := &console{notices: &notices, progress: &progress, bar: true, named: map[string]int{}, folder: "posts"}
	watch := show.watch("files")
	show.started = time.Now().Add(-time.Second)
	watch.Progress(1500, 3000)
	for n := range maxNamed + 5 {
		watch.Notice(transfer.Notice{File: "a\x1b[31m.md", Line: int64(n), Reason: "no \"date\""})
	}
	show.end()
	if bar := progress.String(); !strings.HasPrefix(bar, "[###############...............] 50 %, 1,500 files, ") || !strings.HasSuffix(bar, "\r\x1b[K") {
		t.Errorf("the bar is %q", bar)
	}
	lines := strings.Split(strings.TrimSpace(notices.String()), "\n")
	if len(lines) != maxNamed+1 || lines[1] != `posts/a\x1b[31m.md:1: no "date"` || !strings.HasPrefix(lines[maxNamed], "more of them: ") {
		t.Errorf("%d notices: %q, ... %q", len(lines), lines[1], lines[len(lines)-1])
	}

	progress.Reset()
	show = &console{notices: &notices, progress: &progress, named: map[string]int{}}
	watch = show.watch("bytes")
	watch.Progress(2_500_000, 0)
	watch.Progress(2_600_000, 0)
	if text := progress.String(); !strings.HasPrefix(text, "2.5 MB, ") || strings.Count(text, "\n") != 1 {
		t.Errorf("elsewhere than on a terminal it prints %q", text)
	}
}

func TestInterruptibleEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	never, writer := io.Pipe()
	defer writer.Close()
	reader := interruptible(ctx, never)
	cancel()
	if _, err := reader.Read(make([]byte, 1)); !errors.Is(err, context.Canceled) {
		t.Errorf("reading ends with %v", err)
	}
}
