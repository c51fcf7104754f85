package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestKeyThatIsNotPrinted makes keys where standard output takes none, and wants none of them to work: nobody has them.
func TestKeyThatIsNotPrinted(t *testing.T) {
	t.Parallel()
	data := newFolder(t)
	data.do("", "client", "add", "web", "--kind", "WEB", "--scope", "POSTS_READ")
	old := data.key("key", "add", "web", "--label", "old", "--scope", "POSTS_READ")[:len("hw_pub_")+6]
	outputs := map[string]func() *os.File{"a file to read": fileToRead(t), "a pipe without an end": pipeWithoutEnd(t)}
	for name, output := range outputs {
		for _, args := range []string{"key add web --label new --scope POSTS_READ", "key rotate " + old} {
			c := command(t, []string{"HEADWATER_DATA=" + data.dir}, strings.Fields(args)...)
			var said strings.Builder
			c.Stdout, c.Stderr = output(), &said
			if err := c.Run(); err == nil || c.ProcessState.ExitCode() != exitFailed {
				t.Fatalf("%s, %s: %v, says %s", name, args, err, &said)
			}
			told := regexp.MustCompile(`(hw_pub_[a-z2-7]{6}) could not be printed, and is revoked`).FindStringSubmatch(said.String())
			if told == nil {
				t.Fatalf("%s, %s: says %s", name, args, &said)
			}
			if strings.HasPrefix(args, "key rotate") && !strings.Contains(said.String(), old+" ends all the same") {
				t.Errorf("%s, %s: says %s", name, args, &said)
			}
			if listed := data.do("", "key", "list", "web"); !strings.Contains(listed, told[1]+"  PUBLISHABLE  revoked") || strings.Count(listed, "works") != 1 {
				t.Errorf("%s, %s: then there are %s", name, args, listed)
			}
		}
	}
}

func fileToRead(t *testing.T) func() *os.File {
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	return func() *os.File {
		file, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { file.Close() })
		return file
	}
}

func pipeWithoutEnd(t *testing.T) func() *os.File {
	return func() *os.File {
		reader, writer, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { writer.Close() })
		reader.Close()
		return writer
	}
}
