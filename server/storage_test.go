package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// The bucket that tests keep files in, and the keys that its server takes.
const (
	testBucket = "pictures"
	testAccess = "headwater"
	testSecret = "a-secret-of-tests"
)

// startS3 starts an S3 server with an empty bucket, and returns its address and what asks it.
func startS3(t *testing.T) (string, *minio.Client) {
	t.Helper()
	program := os.Getenv("HEADWATER_S3_SERVER")
	if program == "" {
		t.Skip("HEADWATER_S3_SERVER names no S3 server: make test-s3 fetches one")
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	server := exec.Command(program, "--port", address, "--access", testAccess, "--secret", testSecret, "--quiet", "posix", t.TempDir())
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = server.Process.Kill()
		_ = server.Wait()
	})
	client, err := minio.New(address, &minio.Options{Creds: credentials.NewStaticV4(testAccess, testSecret, ""), Region: "us-east-1"})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for { // until it answers
		if err := client.MakeBucket(ctx, testBucket, minio.MakeBucketOptions{}); err == nil {
			return "http://" + address, client
		} else if ctx.Err() != nil {
			t.Fatal(err)
		}
	}
}

func TestServeKeepsFilesInABucketOfAnS3Server(t *testing.T) {
	t.Parallel()
	endpoint, client := startS3(t)
	dir := t.TempDir()
	mustRunIn(t, dir, "", []string{"site", "--title", "Ponds"})
	if _, stderr, code := runIn(t, dir, "", "client", "add", "script", "--kind", "SERVER", "--scope", "ALL"); code != 0 {
		t.Fatal(stderr)
	}
	stdout, stderr, _ := runIn(t, dir, "", "key", "add", "script", "--label", "files", "--kind", "SECRET", "--scope", "ALL")
	key := keyToken.FindString(stdout)
	if key == "" {
		t.Fatal(stderr)
	}
	secret := filepath.Join(dir, "secret")
	if err := os.WriteFile(secret, []byte(testSecret+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	flags := []string{"serve", "--data", filepath.Join(dir, "data"), "--listen", "127.0.0.1:0", "--s3-endpoint", endpoint, "--s3-bucket", testBucket,
		"--s3-region", "us-east-1", "--s3-prefix", "blog/", "--s3-access-key", testAccess, "--s3-secret-key-file", secret}
	server := start(t, nil, flags...)

	answer := server.upload(t, key, "a note.txt", "Water.")
	var got struct {
		Data struct {
			UploadMedia struct{ Media struct{ ID, URL string } }
		}
	}
	if err := json.Unmarshal([]byte(answer), &got); err != nil || got.Data.UploadMedia.Media.URL == "" {
		t.Fatalf("%v: %s", err, answer)
	}
	media := got.Data.UploadMedia.Media
	object := "blog/" + media.URL[strings.LastIndex(media.URL, "/")+1:]
	if about, err := client.StatObject(t.Context(), testBucket, object, minio.StatObjectOptions{}); err != nil || about.Size != 6 {
		t.Errorf("%s has %d bytes (%v)", object, about.Size, err)
	}
	if answer := server.exchange(t, "GET", media.URL, "", nil, nil); answer != "Water." {
		t.Errorf("it is served as %q", answer)
	}
	if found, err := os.ReadDir(filepath.Join(dir, "data", mediaFolder)); err != nil || len(found) > 0 {
		t.Errorf("the data folder has %v (%v)", found, err)
	}
	answer = server.exchange(t, "POST", server.url+"/graphql", key, http.Header{"Content-Type": {"application/json"}},
		strings.NewReader(`{"query":"mutation { deleteMedia(id: \"`+media.ID+`\") { deletedId userErrors { message } } }"}`))
	if !strings.Contains(answer, media.ID) {
		t.Error(answer)
	}
	if _, err := client.StatObject(t.Context(), testBucket, object, minio.StatObjectOptions{}); minio.ToErrorResponse(err).StatusCode != http.StatusNotFound {
		t.Errorf("%s is left (%v)", object, err)
	}

	// A wrong bucket stops the server before it serves.
	_, stderr, code := runIn(t, dir, "", append(flags[:7:7], append([]string{"--s3-bucket", "elsewhere"}, flags[9:]...)...)...)
	if code == 0 || !strings.Contains(stderr, "elsewhere") || strings.Contains(stderr, testSecret) {
		t.Errorf("it ends with %d and says %s", code, stderr)
	}
}

// upload sends a file, and returns what is answered.
func (r *running) upload(t *testing.T, key, filename, text string) string {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	operations := `{"query":"mutation($file: Upload!) { uploadMedia(input: { file: $file }) { media { id url } userErrors { message } } }","variables":{"file":null}}`
	for _, part := range [][2]string{{"operations", operations}, {"map", `{"0":["variables.file"]}`}} {
		if err := form.WriteField(part[0], part[1]); err != nil {
			t.Fatal(err)
		}
	}
	file, err := form.CreateFormFile("0", filename)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(file, text); err != nil {
		t.Fatal(err)
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	header := http.Header{"Content-Type": {form.FormDataContentType()}, "Graphql-Require-Preflight": {"1"}}
	return r.exchange(t, "POST", r.url+"/graphql", key, header, &body)
}

// exchange sends a request with a key, and returns the body of its answer.
func (r *running) exchange(t *testing.T, method, address, key string, header http.Header, body io.Reader) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, address, body)
	if err != nil {
		t.Fatal(err)
	}
	for name, values := range header {
		request.Header[name] = values
	}
	if key != "" {
		request.Header.Set("X-Api-Key", key)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestABucketThatIsSaidByHalfIsRefused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		flags storageFlags
		want  string
	}{
		"no bucket":      {flagsOf(func(f *storageFlags) { f.S3.Bucket = "" }), "--s3-bucket"},
		"no address":     {flagsOf(func(f *storageFlags) { f.S3.Endpoint = "" }), "--s3-endpoint"},
		"no key":         {flagsOf(func(f *storageFlags) { f.S3.AccessKey = "" }), "--s3-access-key"},
		"no secret":      {flagsOf(func(f *storageFlags) { f.SecretKeyFile = "" }), secretKey},
		"secret nowhere": {flagsOf(func(f *storageFlags) { f.SecretKeyFile = "/nowhere/at/all" }), "--s3-secret-key-file"},
	} {
		dir := t.TempDir()
		if _, err := test.flags.open(dir); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", name, err)
		}
		if found, err := os.ReadDir(dir); err != nil || len(found) > 0 {
			t.Errorf("%s: it leaves %v", name, found)
		}
	}
}

// flagsOf returns flags that name a bucket, once change has changed them.
func flagsOf(change func(*storageFlags)) storageFlags {
	var flags storageFlags
	flags.S3.Endpoint, flags.S3.Bucket, flags.S3.AccessKey, flags.SecretKeyFile = "https://s3.example.org", "pictures", "key", "storage_test.go"
	change(&flags)
	return flags
}
