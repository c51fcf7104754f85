package httpd

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"headwater/logic"
)

// checkAnswer looks at the body of an answer: its first error's code, and its data.
func checkAnswer(t *testing.T, got answer, code logic.Code, data string) {
	t.Helper()
	var body struct {
		Data   json.RawMessage
		Errors []struct {
			Message    string
			Extensions struct{ Code, RequestID string }
		}
	}
	if err := json.Unmarshal([]byte(got.body), &body); err != nil {
		t.Fatalf("%v: %s", err, got.body)
	}
	if code == "" && len(body.Errors) > 0 || code != "" && (len(body.Errors) == 0 || body.Errors[0].Extensions.Code != string(code)) {
		t.Errorf("the code is not %q: %.500s", code, got.body)
	}
	for _, err := range body.Errors {
		if err.Extensions.RequestID != got.Header.Get("X-Request-Id") || err.Message == "" {
			t.Errorf("an error without the request's ID or a message: %.500s", got.body)
		}
		for _, inside := range []string{"json:", "Go ", "struct", "NONSENSE", "graphql.RawParams", "%!"} {
			if strings.Contains(err.Message, inside) {
				t.Errorf("an error tells of our insides, or quotes the body: %s", err.Message)
			}
		}
	}
	switch hasData := strings.Contains(got.body, `"data":`); {
	case data == "-" && hasData:
		t.Errorf("there is data: %s", got.body)
	case data != "" && data != "-" && string(body.Data) != data && (data != "null" || !hasData):
		t.Errorf("data is %s, not %s", body.Data, data)
	}
}

func TestAllFaultsOfARequestComeTogether(t *testing.T) {
	t.Parallel()
	got := newWorld(t, nil).post(t, `{"query":1,"operationName":2,"variables":3,"extensions":4}`)
	if n := strings.Count(got.body, `"message"`); n != 4 {
		t.Errorf("%d errors: %s", n, got.body)
	}
}

func TestMutationByPost(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	got := w.post(t, `{"query":"mutation{recordEvents(input:{events:[{path:\"/\"}]}){recorded robots userErrors{message}}}"}`,
		"User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0")
	if want := `{"data":{"recordEvents":{"recorded":1,"robots":0,"userErrors":[]}}}`; got.body != want {
		t.Errorf("answered %s, not %s", got.body, want)
	}
	if !strings.Contains(w.log.String(), `operation=mutation`) {
		t.Errorf("logged %s", w.log)
	}
}

func TestContentEncodingIsRefused(t *testing.T) {
	t.Parallel()
	got := newWorld(t, nil).post(t, `{"query":"{__typename}"}`, "Content-Encoding", "gzip")
	if got.StatusCode != http.StatusUnsupportedMediaType {
		t.Errorf("status is %d: %s", got.StatusCode, got.body)
	}
	checkAnswer(t, got, logic.CodeBadRequest, "-")
}

func TestLargeAnswersAreCompressed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	introspection := `{"query":"{__schema{types{name description fields{name description}}}}"}`
	plain := w.post(t, introspection, "Accept-Encoding", "identity")
	packed := w.post(t, introspection, "Accept-Encoding", "gzip")
	if packed.Header.Get("Content-Encoding") != "gzip" || len(packed.body)*2 > len(plain.body) {
		t.Fatalf("%d bytes of %d, headers %v", len(packed.body), len(plain.body), packed.Header)
	}
	reader, err := gzip.NewReader(strings.NewReader(packed.body))
	if err != nil {
		t.Fatal(err)
	}
	unpacked, err := io.ReadAll(reader)
	if err != nil || string(unpacked) != plain.body {
		t.Errorf("the packed answer differs: %v", err)
	}
	if !variesBy(packed, "Accept-Encoding") {
		t.Errorf("headers are %v", packed.Header)
	}
	small := w.post(t, `{"query":"{__typename}"}`, "Accept-Encoding", "gzip")
	if small.Header.Get("Content-Encoding") != "" || small.Header.Get("Content-Length") == "" {
		t.Errorf("a small answer has headers %v", small.Header)
	}
}

func TestRequestID(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	for sent, kept := range map[string]bool{
		"abc-123_X.y": true, "": false, "a b": false, "a\"b": false, strings.Repeat("a", 64): true, strings.Repeat("a", 65): false, "é": false,
	} {
		got := w.post(t, `{"query":"{nope}"}`, "X-Request-Id", sent)
		id := got.Header.Get("X-Request-Id")
		if (id == sent) != kept || id == "" {
			t.Errorf("sent %q, answered %q", sent, id)
		}
		if !strings.Contains(got.body, `"requestId":"`+id+`"`) {
			t.Errorf("the answer has no requestId %q: %s", id, got.body)
		}
		if !strings.Contains(w.log.String(), "id="+id) {
			t.Errorf("the log has no %q", id)
		}
	}
}

func TestLogLine(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.post(t, `{"query":"query Mine{nope}"}`)
	w.post(t, `{"query":"query Mine{__typename}"}`)
	log := w.log.String()
	for _, want := range []string{"method=POST path=/graphql status=400", "code=GRAPHQL_VALIDATION_FAILED", `operation="query Mine"`, "bytes=", "ms="} {
		if !strings.Contains(log, want) {
			t.Errorf("the log has no %q: %s", want, log)
		}
	}
}
