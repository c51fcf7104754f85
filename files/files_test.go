package files

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"headwater/logic"
	"headwater/logic/content"
)

// serverVariable names the program of an S3 server, versitygw, which the tests start. make test-s3 fetches it and sets this.
const serverVariable = "HEADWATER_S3_SERVER"

// Keys that the server of the tests takes.
const (
	testAccessKey = "headwater"
	testSecretKey = "a-secret-of-tests"
)

// startS3 starts an S3 server with an empty bucket, and returns how it is reached.
func startS3(t *testing.T) Settings {
	t.Helper()
	program := os.Getenv(serverVariable)
	if program == "" {
		t.Skipf("%s names no S3 server: make test-s3 fetches one", serverVariable)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	server := exec.Command(program, "--port", address, "--access", testAccessKey, "--secret", testSecretKey, "--quiet", "posix", dir)
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = server.Process.Kill()
		_ = server.Wait()
	})
	settings := Settings{
		Endpoint: "http://" + address, Bucket: "pictures", Region: "us-east-1", Prefix: "blog/", AccessKey: testAccessKey, SecretKey: testSecretKey,
	}
	client, err := minio.New(address, &minio.Options{Creds: credentials.NewStaticV4(testAccessKey, testSecretKey, ""), Region: settings.Region})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for { // until it answers
		err := client.MakeBucket(ctx, settings.Bucket, minio.MakeBucketOptions{Region: settings.Region})
		if err == nil {
			return settings
		}
		if ctx.Err() != nil {
			t.Fatal(err)
		}
	}
}

// eachKind runs a test over an empty storage of each kind.
func eachKind(t *testing.T, test func(*testing.T, content.Files)) {
	t.Run("folder", func(t *testing.T) {
		folder, err := OpenFolder(filepath.Join(t.TempDir(), "media"))
		if err != nil {
			t.Fatal(err)
		}
		test(t, folder)
	})
	t.Run("s3", func(t *testing.T) {
		s3, err := NewS3(startS3(t))
		if err != nil {
			t.Fatal(err)
		}
		test(t, s3)
	})
}

func mustPut(t *testing.T, files content.Files, name, text string) {
	t.Helper()
	if err := files.Put(t.Context(), name, strings.NewReader(text), int64(len(text))); err != nil {
		t.Fatal(err)
	}
}

func mustMiss(t *testing.T, files content.Files, name string) {
	t.Helper()
	if _, err := files.Open(t.Context(), name); logic.CodeOf(err) != logic.CodeNotFound {
		t.Errorf("%s: %v", name, err)
	}
}

func TestFilesAreKept(t *testing.T) {
	eachKind(t, func(t *testing.T, files content.Files) {
		large := strings.Repeat("0123456789", 300_000)
		for name, text := range map[string]string{"a.txt": "text", "large.bin": large} {
			mustMiss(t, files, name)
			mustPut(t, files, name, text)
			file, err := files.Open(t.Context(), name)
			if err != nil {
				t.Fatal(err)
			}
			for _, from := range []int64{0, int64(len(text) / 2), 1} {
				if _, err := file.Seek(from, io.SeekStart); err != nil {
					t.Fatal(err)
				}
				if found, err := io.ReadAll(file); err != nil || string(found) != text[from:] {
					t.Errorf("%s from %d: %d bytes (%v)", name, from, len(found), err)
				}
			}
			if end, err := file.Seek(0, io.SeekEnd); err != nil || end != int64(len(text)) {
				t.Errorf("%s ends at %d (%v)", name, end, err)
			}
			if err := file.Close(); err != nil {
				t.Error(err)
			}
			for range 2 { // the second time there is nothing
				if err := files.Delete(t.Context(), name); err != nil {
					t.Error(err)
				}
				mustMiss(t, files, name)
			}
		}
	})
}

func TestWhatCanNotBeReadIsNotKept(t *testing.T) {
	eachKind(t, func(t *testing.T, files content.Files) {
		cut := errors.New("the line was cut")
		for name, broken := range map[string]io.Reader{
			"broken.txt": io.MultiReader(strings.NewReader("0123"), failing{cut}), "short.txt": strings.NewReader("0123"),
		} {
			if err := files.Put(t.Context(), name, broken, 10); err == nil {
				t.Errorf("%s is kept", name)
			}
			mustMiss(t, files, name)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, isFolder := files.(*Folder); !isFolder {
			if err := files.Put(ctx, "late.txt", strings.NewReader("text"), 4); !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
			mustMiss(t, files, "late.txt")
		}
	})
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func TestAFolderKeepsToItself(t *testing.T) {
	dir := t.TempDir()
	folder, err := OpenFolder(filepath.Join(dir, "data", "media"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "data", "secret"), []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(dir, "data", "secret"), filepath.Join(dir, "data", "media", "link")); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"../secret", "/etc/passwd", "link", "../media/../secret"} {
		if file, err := folder.Open(t.Context(), name); err == nil {
			t.Errorf("%s is opened", name)
			_ = file.Close()
		}
		if err := folder.Put(t.Context(), name, strings.NewReader("x"), 1); err == nil {
			t.Errorf("%s is written", name)
		}
	}
	if text, err := os.ReadFile(filepath.Join(dir, "data", "secret")); err != nil || string(text) != "secret" {
		t.Errorf("%q, %v", text, err)
	}
	mustPut(t, folder, "a.txt", "first")
	if err := folder.Put(t.Context(), "a.txt", strings.NewReader("second"), 6); err == nil {
		t.Error("a name is used twice")
	}
	file, err := folder.Open(t.Context(), "a.txt")
	if err != nil {
		t.Fatal("what was there is taken away by what has the same name")
	}
	if text, err := io.ReadAll(file); err != nil || !bytes.Equal(text, []byte("first")) {
		t.Errorf("%q, %v", text, err)
	}
	_ = file.Close()
	if about, err := os.Stat(filepath.Join(dir, "data", "media", "a.txt")); err != nil || about.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", about, err)
	}
}

func TestAnS3ServerThatIsNotAsSaidIsRefused(t *testing.T) {
	settings := startS3(t)
	if s3, err := NewS3(settings); err != nil || s3.Check(t.Context()) != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*Settings){
		"no address":       func(s *Settings) { s.Endpoint = "s3.example.org" },
		"a path":           func(s *Settings) { s.Endpoint += "/pictures" },
		"another bucket":   func(s *Settings) { s.Bucket = "elsewhere" },
		"a wrong secret":   func(s *Settings) { s.SecretKey = "guessed" },
		"nobody's address": func(s *Settings) { s.Endpoint = "http://127.0.0.1:1" },
	} {
		changed := settings
		change(&changed)
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		s3, err := NewS3(changed)
		if err == nil {
			err = s3.Check(ctx)
		}
		if err == nil || strings.Contains(err.Error(), testSecretKey) {
			t.Errorf("%s: %v", name, err)
		}
		cancel()
	}
}

func TestS3AnswersAsFilesAreServed(t *testing.T) {
	s3, err := NewS3(startS3(t))
	if err != nil {
		t.Fatal(err)
	}
	mustPut(t, s3, "a.txt", "0123456789")
	for asked, want := range map[string]string{"": "200 0123456789", "bytes=2-4": "206 234", "bytes=-3": "206 789", "bytes=99-": "416 invalid range: failed to overlap\n"} {
		file, err := s3.Open(t.Context(), "a.txt")
		if err != nil {
			t.Fatal(err)
		}
		request, answer := httptest.NewRequest("GET", "/media/a.txt", nil), httptest.NewRecorder()
		if asked != "" {
			request.Header.Set("Range", asked)
		}
		http.ServeContent(answer, request, "a.txt", time.Time{}, file)
		if got := fmt.Sprint(answer.Code, " ", answer.Body); got != want {
			t.Errorf("%q: %s, not %s", asked, got, want)
		}
		_ = file.Close()
	}
}
