package main

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// waitLimit is how long these tests wait for what must come before they give up: long enough for a busy machine.
const waitLimit = 2 * time.Minute

// command returns the program as a process that has not started; the environment is the given one alone.
func command(t *testing.T, environment []string, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), self, args...)
	c.Dir = t.TempDir()
	c.Env = append([]string{beProgram + "=1", "TZ=UTC"}, environment...)
	return c
}

// runProgram runs the program to its end.
func runProgram(t *testing.T, environment []string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	c := command(t, environment, args...)
	var out, log strings.Builder
	c.Stdout, c.Stderr = &out, &log
	err := c.Run()
	if exit, ok := errors.AsType[*exec.ExitError](err); err != nil && !ok {
		t.Fatalf("%v: %v", exit, err)
	}
	return c.ProcessState.ExitCode(), out.String(), log.String()
}

// running is a server as a process of its own.
type running struct {
	*exec.Cmd
	url, greeting string
	log           *lines
	ended         chan struct{}
}

// lines keeps what a process writes, and may be read while it does.
type lines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

var address = regexp.MustCompile(`GraphQL +(http://\S+)/graphql`)

// start starts the server on a free port, and returns once it has said where it is.
func start(t *testing.T, environment []string, args ...string) *running {
	t.Helper()
	r := &running{Cmd: command(t, environment, args...), log: &lines{}, ended: make(chan struct{})}
	r.Stderr = r.log
	stdout, err := r.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = r.Process.Kill() // it has ended already where the test went well
		<-r.ended
	})
	greeted := make(chan string, 1)
	go func() {
		defer close(r.ended)
		var text strings.Builder
		for scanner := bufio.NewScanner(stdout); scanner.Scan(); {
			text.WriteString(scanner.Text() + "\n")
			if scanner.Text() == lastWords {
				greeted <- text.String()
			}
		}
		close(greeted)
		_ = r.Wait() // the exit code stands in ProcessState
	}()
	select {
	case r.greeting = <-greeted:
	case <-time.After(waitLimit):
	}
	found := address.FindStringSubmatch(r.greeting)
	if found == nil {
		t.Fatalf("no greeting but %q, log %s", r.greeting, r.log)
	}
	r.url = found[1]
	return r
}

// stop sends a signal and returns the exit code.
func (r *running) stop(t *testing.T, signal os.Signal) int {
	t.Helper()
	if err := r.Process.Signal(signal); err != nil {
		t.Fatal(err)
	}
	return r.wait(t)
}

func (r *running) wait(t *testing.T) int {
	t.Helper()
	select {
	case <-r.ended:
	case <-time.After(waitLimit):
		t.Fatalf("it does not end: %s", r.log)
	}
	return r.ProcessState.ExitCode()
}

// waitForLog looks again and again until the log has a text.
func (r *running) waitForLog(t *testing.T, text string) {
	t.Helper()
	deadline := time.After(waitLimit)
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for !strings.Contains(r.log.String(), text) {
		select {
		case <-deadline:
			t.Fatalf("the log never has %q: %s", text, r.log)
		case <-tick.C:
		}
	}
}

// ask sends a query and returns the answer.
func (r *running) ask(t *testing.T, body string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), "POST", r.url+"/graphql", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// slowPost begins a request whose body is still to come.
func (r *running) slowPost(t *testing.T, body string) net.Conn {
	t.Helper()
	connection, err := net.Dial("tcp", strings.TrimPrefix(r.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { connection.Close() })
	if err := connection.SetDeadline(time.Now().Add(waitLimit)); err != nil {
		t.Fatal(err)
	}
	// The server's "go on" tells that the request has begun.
	head := "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: "
	if _, err := io.WriteString(connection, head+strconv.Itoa(len(body))+"\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReaderSize(connection, 16).ReadString('\n')
	if err != nil || !strings.Contains(line, "100") {
		t.Fatalf("%q, %v", line, err)
	}
	return connection
}

func TestServeAndStop(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "data")
	r := start(t, nil, "serve", "--data", folder, "--listen", "127.0.0.1:0", "--http-drain", "50ms")
	if !strings.Contains(r.greeting, r.url+"/playground") || !strings.Contains(r.greeting, folder) {
		t.Errorf("greeted %s", r.greeting)
	}
	if got, want := r.ask(t, `{"query":"{posts{totalCount}}"}`), `{"data":{"posts":{"totalCount":0}}}`; got != want {
		t.Errorf("answered %s", got)
	}
	body := `{"query":"{__typename}"}`
	slow := r.slowPost(t, body)
	if err := r.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	r.waitForLog(t, "stopping")
	if _, err := io.WriteString(slow, body); err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(slow)
	if err != nil || !strings.Contains(string(answer), `{"data":{"__typename":"Query"}}`) {
		t.Errorf("the request under way got %q, %v", answer, err)
	}
	if code := r.wait(t); code != 0 {
		t.Errorf("exit code is %d: %s", code, r.log)
	}
	for path, mode := range map[string]os.FileMode{folder: 0o700, filepath.Join(folder, "headwater.db"): 0o600} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != mode {
			t.Errorf("%s: %v, %v", path, info.Mode(), err)
		}
	}
}

func TestSecondSignalEndsAtOnce(t *testing.T) {
	t.Parallel()
	r := start(t, nil, "serve", "--listen", "127.0.0.1:0", "--http-drain", "0s", "--http-stop", "1h")
	r.slowPost(t, `{"query":"{__typename}"}`)
	if err := r.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	r.waitForLog(t, "stopping")
	if code := r.stop(t, syscall.SIGINT); code == 0 {
		t.Errorf("exit code is %d: %s", code, r.log)
	}
}

// TestWhatWasAnsweredStays kills the server behind an answer, and finds what it answered on the next start.
func TestWhatWasAnsweredStays(t *testing.T) {
	t.Parallel()
	data := &folder{t: t, dir: t.TempDir()}
	r := start(t, nil, "serve", "--data", data.dir, "--listen", "127.0.0.1:0")
	got := r.ask(t, `{"query":"mutation{recordEvents(input:{events:[{path:\"/a\"},{path:\"/b\"}]}){recorded userErrors{message}}}"}`)
	if !strings.Contains(got, `"recorded":2`) {
		t.Fatalf("answered %s", got)
	}
	r.stop(t, syscall.SIGKILL)
	r = start(t, nil, "serve", "--data", data.dir, "--listen", "127.0.0.1:0")
	today := time.Now().UTC().Format(time.DateOnly)
	data.do("", "client", "add", "script", "--kind", "SERVER", "--scope", "METRICS_READ")
	key := data.key("key", "add", "script", "--label", "figures", "--kind", "SECRET", "--scope", "METRICS_READ")
	r.mustAnswer(t, headers{"X-Api-Key": key}, `{"query":"{metrics(range:{from:\"`+today+`\",to:\"`+today+`\"}){totals{views}}}"}`, 200, `"views":2`)
}

// TestCountsThatWereStoredStay asks with a key until its requests are stored, which happens each second, and kills the server then.
func TestCountsThatWereStoredStay(t *testing.T) {
	t.Parallel()
	data := newFolder(t)
	r := start(t, nil, "serve", "--data", data.dir, "--listen", "127.0.0.1:0")
	data.do("", "client", "add", "script", "--kind", "CLI", "--scope", "POSTS_READ")
	key := data.key("key", "add", "script", "--label", "nightly", "--scope", "POSTS_READ")
	for range 5 {
		r.mustAnswer(t, headers{"X-Api-Key": key}, whoAmI, 200, "POSTS_READ")
	}
	counted := regexp.MustCompile(`(?m) 5 +POSTS_READ +nightly$`)
	for deadline := time.Now().Add(waitLimit); !counted.MatchString(data.do("", "key", "list")); {
		if time.Now().After(deadline) {
			t.Fatalf("the requests are never stored: %s", data.do("", "key", "list"))
		}
	}
	r.stop(t, syscall.SIGKILL)
	if listed := data.do("", "key", "list"); !counted.MatchString(listed) {
		t.Errorf("behind the kill: %s", listed)
	}
}

func TestSample(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	r := start(t, nil, "serve", "--data", folder, "--listen", "127.0.0.1:0", "--sample", "--http-drain", "0s")
	for _, want := range []string{"Filled " + folder + " with a sample", "Sign in as admin with the password ", "  reader      hw_pub_", "  studio      hw_pub_", "this once"} {
		if !strings.Contains(r.greeting, want) {
			t.Errorf("greeted %s, without %q", r.greeting, want)
		}
	}
	filled := r.ask(t, `{"query":"{posts{totalCount} site{title}}"}`)
	if code := r.stop(t, syscall.SIGTERM); code != 0 {
		t.Errorf("exit code is %d", code)
	}
	r = start(t, nil, "serve", "--data", folder, "--listen", "127.0.0.1:0", "--sample")
	for want, stands := range map[string]bool{"holds something already": true, "headwater user password admin": true, "Sign in as": false, "hw_pub_": false} {
		if strings.Contains(r.greeting, want) != stands {
			t.Errorf("greeted %s: %q stands there is not %v", r.greeting, want, stands)
		}
	}
	if again := r.ask(t, `{"query":"{posts{totalCount} site{title}}"}`); again != filled || !strings.Contains(again, `"title":"Headwater"`) {
		t.Errorf("first %s, then %s", filled, again)
	}
}

func TestPortInUse(t *testing.T) {
	t.Parallel()
	r := start(t, nil, "serve", "--listen", "127.0.0.1:0")
	code, _, log := runProgram(t, nil, "serve", "--listen", strings.TrimPrefix(r.url, "http://"))
	if code != exitFailed || !strings.Contains(log, "address already in use: --listen, or HEADWATER_LISTEN,") {
		t.Errorf("exit code %d: %s", code, log)
	}
}

func TestDataFolderThatCannotBe(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	code, _, log := runProgram(t, nil, "serve", "--data", file, "--listen", "127.0.0.1:0")
	if code != exitFailed || !strings.Contains(log, file) {
		t.Errorf("exit code %d: %s", code, log)
	}
}
