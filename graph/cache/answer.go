package cache

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"sync"

	"github.com/klauspost/compress/gzip"

	"headwater/logic"
)

// Key stands for all that an answer depends on beside what is stored.
type Key [16]byte

// secret makes keys, so that nobody can find two requests that have the same.
var secret = func() (secret [sha256.Size]byte) {
	rand.Read(secret[:])
	return secret
}()

// SecretSize is how many bytes KeyOf needs in front of what it makes a key of.
const SecretSize = sha256.Size

// KeyOf returns the key of what stands in text behind its first SecretSize bytes, which it writes over. The text itself is not kept:
// what people ask stays in memory no longer than it takes.
func KeyOf(text []byte) Key {
	copy(text, secret[:])
	sum := sha256.Sum256(text)
	return Key(sum[:])
}

// with returns the key of an answer that depends on an address too.
func (k Key) with(address string) Key {
	text := make([]byte, SecretSize, SecretSize+len(k)+len(address))
	text = append(append(text, k[:]...), address...)
	return KeyOf(text)
}

// Answer is what is kept. It does not change.
type Answer struct {
	Body []byte
	// Header is what is sent along.
	Header []Field
	// Operation is the kind and the name of what was asked, for the log.
	Operation string
	// Tag tells the body from others.
	Tag string
	// Made is when it was made, and Counts whether it has what changes with every view.
	Made   logic.Moment
	Counts bool

	byAddress bool // where it stands is only that answers depend on the address

	compress   sync.Once
	compressed []byte
}

// Field is a field of a header. Its values must not be changed.
type Field struct {
	Name   string
	Values []string
}

// TagOf returns what tells a body from others, and from the same bytes as another media type.
func TagOf(media string, body []byte) string {
	digest := sha256.New()
	digest.Write([]byte(media + "\n"))
	digest.Write(body)
	return hex.EncodeToString(digest.Sum(nil)[:12])
}

// compressFrom is the size in bytes from which a body is compressed.
const compressFrom = 1024

// Compressed returns the body as gzip makes it, nil where that is not worth it. It is made when it is first asked for.
func (a *Answer) Compressed() []byte {
	a.compress.Do(func() {
		if len(a.Body) < compressFrom {
			return
		}
		var into bytes.Buffer
		writer := gzip.NewWriter(&into)
		_, err := writer.Write(a.Body)
		if err != nil || writer.Close() != nil || into.Len() >= len(a.Body) {
			return // nothing fails to be written to memory
		}
		a.compressed = bytes.Clone(into.Bytes())
	})
	return a.compressed
}

// bytes returns how much memory the answer takes, its compressed copy counted as a third of it before it is made.
func (a *Answer) bytes() int64 { return int64(len(a.Body) + len(a.Body)/3) }
