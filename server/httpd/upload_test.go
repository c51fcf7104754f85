package httpd

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"headwater/logic"
	"headwater/logic/client"
	"headwater/logic/content"
)

// gotUpload is what an operation got of a request with a file.
type gotUpload struct {
	variables map[string]any
	filename  string
	size      int64
	sum       [sha256.Size]byte
}

// uploadTaker reads the file that an operation brings in the variable file, where there is one, before the real executor carries it out.
type uploadTaker struct {
	graphql.GraphExecutor
	mu    sync.Mutex
	taken []gotUpload
}

func (u *uploadTaker) wrap(inner graphql.GraphExecutor) graphql.GraphExecutor {
	u.GraphExecutor = inner
	return u
}

func (u *uploadTaker) CreateOperationContext(ctx context.Context, params *graphql.RawParams) (*graphql.OperationContext, gqlerror.List) {
	if file, ok := params.Variables["file"].(content.Upload); ok {
		sum := sha256.New()
		size, err := io.Copy(sum, file.Content)
		if err != nil {
			panic(err)
		}
		u.mu.Lock()
		u.taken = append(u.taken, gotUpload{params.Variables, file.Filename, size, [sha256.Size]byte(sum.Sum(nil))})
		u.mu.Unlock()
	}
	return u.GraphExecutor.CreateOperationContext(ctx, params)
}

const (
	testBoundary = "8e03978e40d543dd"
	formType     = "multipart/form-data; boundary=" + testBoundary
	// operations of a request whose file is the variable file; no operation asks for it.
	fileOperations = `{"query":"{__typename}","variables":{"file":null,"alt":"A pond","list":[1,null],"in":{"file":null}}}`
	fileMap        = `{"0":["variables.file"]}`
)

// field returns a part of a form.
func field(name, value string) string {
	return "--" + testBoundary + "\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n"
}

// filePart returns the part of a form that a file is.
func filePart(name, filename, value string) string {
	return "--" + testBoundary + "\r\nContent-Disposition: form-data; name=\"" + name + "\"; filename=\"" + filename +
		"\"\r\nContent-Type: image/png\r\n\r\n" + value + "\r\n"
}

const formEnd = "--" + testBoundary + "--\r\n"

// newUploadWorld returns a server that keeps what it gets of files, and the headers of someone who may upload some.
func newUploadWorld(t *testing.T, change func(*setup)) (*world, *uploadTaker, []string) {
	t.Helper()
	taker := &uploadTaker{}
	w := newWorld(t, func(s *setup) {
		s.wrap = taker.wrap
		if change != nil {
			change(s)
		}
	})
	return w, taker, append(w.addScript(t), "Content-Type", formType, "GraphQL-Require-Preflight", "1")
}

// wantNoSpool fails the test where something of a file is left in the folder that files come into.
func (w *world) wantNoSpool(t *testing.T) {
	t.Helper()
	left, err := filepath.Glob(filepath.Join(w.folder, "upload-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("there are %v, %v", left, err)
	}
}

func TestAFileComesWithItsOperation(t *testing.T) {
	t.Parallel()
	w, taker, headers := newUploadWorld(t, nil)
	const text = "\x89PNG\r\n\x1a\n--not a boundary\r\n"
	got := w.send(t, "POST", "/graphql", field("operations", fileOperations)+field("map", fileMap)+filePart("0", "pond.png", text)+formEnd, headers...)
	if got.StatusCode != http.StatusOK || got.body != `{"data":{"__typename":"Query"}}` {
		t.Fatalf("status %d: %s", got.StatusCode, got.body)
	}
	if len(taker.taken) != 1 {
		t.Fatalf("%d files came", len(taker.taken))
	}
	file := taker.taken[0]
	if file.filename != "pond.png" || file.size != int64(len(text)) || file.sum != sha256.Sum256([]byte(text)) || file.variables["alt"] != "A pond" {
		t.Errorf("got %+v", file)
	}
	w.wantNoSpool(t)
}

func TestRequestsWithAFileThatAreNoneAreRefused(t *testing.T) {
	t.Parallel()
	w, taker, headers := newUploadWorld(t, nil)
	operations, file := field("operations", fileOperations), filePart("0", "a.png", "text")
	tests := map[string]struct {
		body   string
		status int
		want   string
	}{
		"nothing":                   {"", 400, "The body could not be read to its end."},
		"no part":                   {formEnd, 400, "The parts are operations, map and one file, in this order."},
		"no boundary":               {"text", 400, "The body could not be read to its end."},
		"no operations":             {field("map", fileMap) + file + formEnd, 400, "in this order"},
		"operations alone":          {operations + formEnd, 400, "in this order"},
		"operations twice":          {operations + operations + formEnd, 400, "in this order"},
		"the file before its map":   {operations + file + field("map", fileMap) + formEnd, 400, "in this order"},
		"operations that are none":  {field("operations", "{") + field("map", fileMap) + file + formEnd, 400, "is not JSON"},
		"several operations":        {field("operations", "["+fileOperations+"]") + field("map", `{"0":["0.variables.file"]}`) + file + formEnd, 400, "several operations"},
		"operations in depth":       {field("operations", strings.Repeat("[", 1000)) + field("map", fileMap) + file + formEnd, 400, "nests too deeply"},
		"large operations":          {field("operations", strings.Repeat(" ", 1<<20+1)) + field("map", fileMap) + file + formEnd, 413, "operations is too large"},
		"no file":                   {operations + field("map", fileMap) + formEnd, 400, "comes the file"},
		"another file":              {operations + field("map", fileMap) + filePart("1", "a.png", "text") + formEnd, 400, "comes the file"},
		"a file without a name":     {operations + field("map", fileMap) + field("0", "text") + formEnd, 400, "comes the file"},
		"two files":                 {operations + field("map", fileMap) + file + filePart("1", "a.png", "text") + formEnd, 400, "comes nothing more"},
		"the file twice":            {operations + field("map", fileMap) + file + file + formEnd, 400, "comes nothing more"},
		"a field behind the file":   {operations + field("map", fileMap) + file + field("more", "text") + formEnd, 400, "comes nothing more"},
		"a file without its end":    {operations + field("map", fileMap) + file, 400, "could not be read to its end"},
		"a file that is cut":        {operations + field("map", fileMap) + strings.TrimSuffix(file, "xt\r\n"), 400, "could not be read to its end"},
		"a large map":               {operations + field("map", strings.Repeat(" ", 5000)+fileMap) + file + formEnd, 413, "map is too large"},
		"headers without end":       {operations + field("map", fileMap) + "--" + testBoundary + "\r\nA: " + strings.Repeat("a", 2<<20), 413, "too large for what it holds"},
		"headers without number":    {operations + field("map", fileMap) + "--" + testBoundary + "\r\n" + strings.Repeat("A: b\r\n", 20_000) + "\r\n", 413, "headers of a part are too large"},
		"a header that is none":     {operations + field("map", fileMap) + "--" + testBoundary + "\r\nnothing\r\n\r\n", 400, "headers of a part can't be read"},
		"too much behind the parts": {operations + field("map", fileMap) + file + formEnd + strings.Repeat("x", content.MaxUpload), 413, "too large"},
	}
	for name, text := range map[string]string{
		"no JSON": `{`, "no object": `["variables.file"]`, "nothing": `{}`, "two files": `{"0":["variables.file"],"1":["variables.in.file"]}`,
		"no list": `{"0":"variables.file"}`, "no path": `{"0":[]}`, "two paths": `{"0":["variables.file","variables.in.file"]}`,
		"a number": `{"0":[1]}`, "an object": `{"0":{"variables":"file"}}`, "one name twice": `{"0":["variables.file"],"0":["variables.file"]}`,
		"depth": strings.Repeat("[", 1000), "more behind it": fileMap + fileMap,
	} {
		tests["a map with "+name] = struct {
			body   string
			status int
			want   string
		}{operations + field("map", text) + file + formEnd, 400, "map must be a JSON object"}
	}
	for _, path := range []string{
		"", "variables", "variables.", ".", "file", "query", "operationName", "0.variables.file", "variables.nope", "variables.alt", "variables.alt.0", "variables.in",
		"variables.list", "variables.list.0", "variables.list.2", "variables.list.-1", "variables.list.01", "variables.list.+1", "variables.list.1.0",
		"variables.list.999999999", "variables.list.99999999999999999999", "variables.file.file", "variables.in.file.", "variables.__proto__", "Variables.file",
	} {
		tests["a map that leads to "+path] = struct {
			body   string
			status int
			want   string
		}{operations + field("map", fmt.Sprintf(`{"0":[%q]}`, path)) + file + formEnd, 400, "The map leads to no variable"}
	}
	for name, test := range tests {
		got := w.send(t, "POST", "/graphql", test.body, headers...)
		if got.StatusCode != test.status || !strings.Contains(got.body, test.want) || !strings.Contains(got.body, `"code":"BAD_REQUEST"`) || !got.Close {
			t.Errorf("%s: status %d, closes %t: %s", name, got.StatusCode, got.Close, got.body)
		}
	}
	if len(taker.taken) > 0 {
		t.Errorf("files came all the same: %v", taker.taken)
	}
	w.wantNoSpool(t)
}

func TestAMapMayLeadIntoInputsAndLists(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"variables.file", "variables.in.file", "variables.list.1"} {
		variables := map[string]any{"file": nil, "list": []any{1, nil}, "in": map[string]any{"file": nil}}
		put, ok := placeOf(variables, path)
		if !ok {
			t.Errorf("%s leads nowhere", path)
			continue
		}
		put("here")
		if got := fmt.Sprint(variables); strings.Count(got, "here") != 1 {
			t.Errorf("%s leads to %s", path, got)
		}
	}
}

func TestAFormOfAnotherSiteIsRefused(t *testing.T) {
	t.Parallel()
	w, taker, _ := newUploadWorld(t, nil)
	script := w.addScriptNamed(t, "another")
	body := field("operations", fileOperations) + field("map", fileMap) + filePart("0", "a.png", "text") + formEnd
	for name, headers := range map[string][]string{
		"none":         {"Content-Type", formType},
		"an empty one": {"Content-Type", formType, "Apollo-Require-Preflight", ""},
	} {
		got := w.send(t, "POST", "/graphql", body, append(headers, script...)...)
		if got.StatusCode != http.StatusUnsupportedMediaType || !strings.Contains(got.body, "GraphQL-Require-Preflight, Apollo-Require-Preflight, X-Apollo-Operation-Name") {
			t.Errorf("%s: status %d: %s", name, got.StatusCode, got.body)
		}
	}
	if len(taker.taken) > 0 {
		t.Error("it was carried out all the same")
	}
	for i, name := range preflightHeaders {
		got := w.send(t, "POST", "/graphql", body, append([]string{"Content-Type", formType, name, "1"}, script...)...)
		if got.StatusCode != http.StatusOK || len(taker.taken) != i+1 {
			t.Errorf("with %s: status %d: %s", name, got.StatusCode, got.body)
		}
	}
	for name, headers := range map[string][]string{
		"two types":      {"Content-Type", formType, "Content-Type", formType, "GraphQL-Require-Preflight", "1"},
		"no boundary":    {"Content-Type", "multipart/form-data", "GraphQL-Require-Preflight", "1"},
		"compressed":     {"Content-Type", formType, "Content-Encoding", "gzip", "GraphQL-Require-Preflight", "1"},
		"another format": {"Content-Type", "multipart/mixed; boundary=" + testBoundary, "GraphQL-Require-Preflight", "1"},
	} {
		if got := w.send(t, "POST", "/graphql", body, append(headers, script...)...); got.StatusCode != http.StatusUnsupportedMediaType {
			t.Errorf("%s: status %d: %s", name, got.StatusCode, got.body)
		}
	}
}

func TestPreflightAllowsWhatUploadsNeed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.addClient(t, "studio", client.KindStudio, "https://studio.example.org")
	const wanted = "apollo-require-preflight,content-type,graphql-require-preflight,idempotency-key,x-api-key,x-apollo-operation-name"
	got := w.send(t, "OPTIONS", "/graphql", "", "Origin", "https://studio.example.org", "Access-Control-Request-Method", "POST",
		"Access-Control-Request-Headers", wanted)
	if got.Header.Get("Access-Control-Allow-Headers") != wanted || got.Header.Get("Access-Control-Allow-Origin") != "https://studio.example.org" {
		t.Errorf("got %v", got.Header)
	}
}

// head returns the head of a request with a file of length bytes, as it stands on the line.
func head(length int, headers ...string) string {
	text := "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: " + formType + fmt.Sprintf("\r\nContent-Length: %d\r\n", length)
	for i := 0; i < len(headers); i += 2 {
		text += headers[i] + ": " + headers[i+1] + "\r\n"
	}
	return text + "\r\n"
}

// expect asks to be told before the body is sent.
var expect = []string{"GraphQL-Require-Preflight", "1", "Expect", "100-continue"}

func TestNoBodyIsReadOfThoseWhoMayNotUpload(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.addClient(t, "readers", client.KindServer)
	_, token := w.addKey(t, "readers", client.KeySecret, logic.ScopePostsRead)
	w.addPerson(t, "rita", logic.RoleReader)
	address, _, _ := w.serve(t)
	for name, headers := range map[string][]string{
		"nobody": nil, "a key without the scope": {"X-Api-Key", token}, "a reader": {"Authorization", "Bearer " + w.signIn(t, "rita", w.addScript(t)...)},
	} {
		_, from := dial(t, address, head(1000, append(headers, expect...)...))
		got := read(t, from)
		if got.StatusCode != http.StatusForbidden || !strings.Contains(got.body, `"code":"FORBIDDEN"`) || !got.Close {
			t.Errorf("%s: status %d, closes %t: %s", name, got.StatusCode, got.Close, got.body)
		}
	}
}

func TestFilesAreBoundedInSize(t *testing.T) { // alone, since it counts what memory was taken
	w, taker, headers := newUploadWorld(t, nil)
	before := field("operations", fileOperations) + field("map", fileMap) +
		strings.TrimSuffix(filePart("0", "a.png", ""), "\r\n")
	send := func(size int64, declared bool) answer {
		length := int64(len(before)+2+len(formEnd)) + size
		body := io.MultiReader(strings.NewReader(before), io.LimitReader(zeroes{}, size), strings.NewReader("\r\n"+formEnd))
		request, err := http.NewRequestWithContext(t.Context(), "POST", w.url+"/graphql", body)
		if err != nil {
			t.Fatal(err)
		}
		if declared {
			request.ContentLength = length
		}
		for i := 0; i < len(headers); i += 2 {
			request.Header.Add(headers[i], headers[i+1])
		}
		response, err := http.DefaultTransport.RoundTrip(request)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		text, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		return answer{response, string(text)}
	}
	for _, declared := range []bool{true, false} {
		var earlier, later runtime.MemStats
		runtime.ReadMemStats(&earlier)
		if got := send(content.MaxUpload, declared); got.StatusCode != http.StatusOK {
			t.Errorf("the largest file: status %d: %s", got.StatusCode, got.body)
		}
		runtime.ReadMemStats(&later)
		if held := later.TotalAlloc - earlier.TotalAlloc; held > content.MaxUpload/2 {
			t.Errorf("%d bytes of memory were taken for a file of %d", held, content.MaxUpload)
		}
		if got := send(content.MaxUpload+1, declared); got.StatusCode != http.StatusOK {
			t.Errorf("a file of which the operation is to tell that it is too large: status %d: %s", got.StatusCode, got.body)
		}
		for _, size := range []int64{content.MaxUpload + 3<<20, 2 * content.MaxUpload} {
			got := send(size, declared)
			if got.StatusCode != http.StatusRequestEntityTooLarge || !strings.Contains(got.body, "too large: at most 26214400 bytes") || !got.Close {
				t.Errorf("a file of %d bytes: status %d: %s", size, got.StatusCode, got.body)
			}
		}
	}
	var sizes []int64
	for _, file := range taker.taken {
		sizes = append(sizes, file.size)
	}
	if want := []int64{content.MaxUpload, content.MaxUpload + 1, content.MaxUpload, content.MaxUpload + 1}; !slices.Equal(sizes, want) {
		t.Errorf("files of %v bytes came, not of %v", sizes, want)
	}
	w.wantNoSpool(t)
}

// TestWhoSendsTooMuchSeesWhy sends all of a large request before it looks for an answer, as browsers do.
func TestWhoSendsTooMuchSeesWhy(t *testing.T) {
	t.Parallel()
	w, _, headers := newUploadWorld(t, nil)
	address, _, _ := w.serve(t)
	const size = 100 << 20
	for name, test := range map[string]struct {
		headers []string
		status  int
	}{
		"too large a file":    {append(headers[:2:2], "GraphQL-Require-Preflight", "1"), http.StatusRequestEntityTooLarge},
		"from who may not":    {[]string{"GraphQL-Require-Preflight", "1"}, http.StatusForbidden},
		"from a foreign page": {headers[:2:2], http.StatusUnsupportedMediaType},
	} {
		connection, from := dial(t, address, head(size, test.headers...))
		if n, err := io.Copy(connection, io.LimitReader(zeroes{}, size)); err != nil {
			t.Errorf("%s: the connection broke after %d bytes: %v", name, n, err)
			continue
		}
		if got := read(t, from); got.StatusCode != test.status || !got.Close {
			t.Errorf("%s: status %d, closes %t: %s", name, got.StatusCode, got.Close, got.body)
		}
		if _, err := from.ReadByte(); err != io.EOF {
			t.Errorf("%s: the connection stays open: %v", name, err)
		}
	}
}

type zeroes struct{}

func (zeroes) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

func TestSlowFilesHaveTheirTime(t *testing.T) {
	t.Parallel()
	t.Run("longer than other requests", func(t *testing.T) {
		t.Parallel()
		w, _, headers := newUploadWorld(t, func(s *setup) { s.limits.Read, s.limits.Write = time.Millisecond, 500*time.Millisecond })
		address, _, _ := w.serve(t)
		body := field("operations", fileOperations) + field("map", fileMap) + filePart("0", "a.png", "text") + formEnd
		connection, from := dial(t, address, head(len(body), append(headers[:2:2], expect...)...))
		wantContinue(t, from)
		began := time.Now()
		waitFor(t, func() bool { return time.Since(began) > 2*time.Millisecond })
		if _, err := io.WriteString(connection, body); err != nil {
			t.Fatal(err)
		}
		if got := read(t, from); got.StatusCode != http.StatusOK {
			t.Errorf("status %d: %s", got.StatusCode, got.body)
		}
	})
	for name, change := range map[string]func(*Limits){
		"no longer than a pause": func(l *Limits) { l.UploadPause = 20 * time.Millisecond },
		"no longer than in all":  func(l *Limits) { l.Upload = 20 * time.Millisecond },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, _, headers := newUploadWorld(t, func(s *setup) { change(&s.limits) })
			address, _, _ := w.serve(t)
			_, from := dial(t, address, head(1000, append(headers[:2:2], "GraphQL-Require-Preflight", "1")...)+field("operations", fileOperations))
			got := read(t, from)
			if got.StatusCode != http.StatusRequestTimeout || !strings.Contains(got.body, "took too long to arrive") || !got.Close {
				t.Errorf("status %d: %s", got.StatusCode, got.body)
			}
			w.wantNoSpool(t)
		})
	}
}

// wantContinue stops the test unless the server asks for the body.
func wantContinue(t *testing.T, from io.ByteReader) {
	t.Helper()
	var line []byte
	for !bytes.HasSuffix(line, []byte("\r\n\r\n")) {
		c, err := from.ReadByte()
		if err != nil {
			t.Fatalf("%v behind %q", err, line)
		}
		line = append(line, c)
	}
	if !bytes.HasPrefix(line, []byte("HTTP/1.1 100 ")) {
		t.Fatalf("got %q", line)
	}
}

func TestNobodyTakesAllPlacesOfUploads(t *testing.T) {
	t.Parallel()
	w, _, mine := newUploadWorld(t, func(s *setup) { s.limits.Uploads, s.limits.Changing, s.limits.Running = 4, 1, 1 })
	other := append(w.addScriptNamed(t, "another"), "Content-Type", formType, "GraphQL-Require-Preflight", "1")
	address, _, _ := w.serve(t)
	slow, from := dial(t, address, head(1000, append(mine[:2:2], expect...)...))
	wantContinue(t, from)

	body := field("operations", fileOperations) + field("map", fileMap) + filePart("0", "a.png", "text") + formEnd
	if got := w.send(t, "POST", "/graphql", body, mine...); got.StatusCode != http.StatusServiceUnavailable || got.Header.Get("Retry-After") != "1" {
		t.Errorf("a second file of the same caller: status %d, %v: %s", got.StatusCode, got.Header, got.body)
	}
	if got := w.send(t, "POST", "/graphql", body, other...); got.StatusCode != http.StatusOK {
		t.Errorf("a file of another: status %d: %s", got.StatusCode, got.body)
	}
	if got := w.post(t, query, mine[:2]...); got.StatusCode != http.StatusOK {
		t.Errorf("a query meanwhile: status %d: %s", got.StatusCode, got.body)
	}
	slow.Close()
	waitFor(t, func() bool { return w.send(t, "POST", "/graphql", body, mine...).StatusCode == http.StatusOK })
}

func TestWhoSignsOutWhileAFileComesHasNotSentIt(t *testing.T) {
	t.Parallel()
	w, taker, headers := newUploadWorld(t, nil)
	w.addPerson(t, "ada", logic.RoleAuthor)
	token := w.signIn(t, "ada", headers[:2]...)
	address, _, _ := w.serve(t)
	body := field("operations", fileOperations) + field("map", fileMap) + filePart("0", "a.png", "text") + formEnd
	person := []string{headers[0], headers[1], "Authorization", "Bearer " + token}
	connection, from := dial(t, address, head(len(body), append(person, expect...)...))
	wantContinue(t, from)
	if got := w.post(t, `{"query":"mutation{signOut{userErrors{code}}}"}`, person...); got.StatusCode != http.StatusOK {
		t.Fatalf("signing out: %d, %s", got.StatusCode, got.body)
	}
	if _, err := io.WriteString(connection, body); err != nil {
		t.Fatal(err)
	}
	if got := read(t, from); got.StatusCode != http.StatusUnauthorized || len(taker.taken) > 0 {
		t.Errorf("status %d: %s; %d files came", got.StatusCode, got.body, len(taker.taken))
	}
}

func TestAFileIsGoneAfterACrash(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	file, err := newSpool(folder)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if left, err := os.ReadDir(folder); err != nil || len(left) > 0 {
		t.Errorf("while it is open there are %v, %v", left, err)
	}
	if _, err := newSpool(filepath.Join(folder, "nowhere")); err == nil {
		t.Error("a file was made in a folder that is not there")
	}
}
