package transfer

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
)

// maxLine is the longest line of a log that is looked at, in bytes.
const maxLine = 64 << 10

// countingReader counts the bytes that went through it.
type countingReader struct {
	io.Reader
	count int64
}

func (r *countingReader) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	r.count += int64(n)
	return n, err
}

// contextReader reads until its context is done.
type contextReader struct {
	context.Context
	io.Reader
}

func (r contextReader) Read(p []byte) (int, error) {
	if err := r.Err(); err != nil {
		return 0, err
	}
	return r.Reader.Read(p)
}

// unpack returns what r holds: what was packed by gzip, as its first bytes tell, is unpacked.
func unpack(r io.Reader) (io.Reader, error) {
	buffered := bufio.NewReaderSize(r, 64<<10)
	if magic, _ := buffered.Peek(2); !bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		return buffered, nil
	}
	return gzip.NewReader(buffered)
}

// line is a line of a log.
type line struct {
	text    []byte // without the line feed; the first maxLine bytes of a longer one; good until the next is read
	tooLong bool
	ended   bool // by a line feed, not by the end of the log
}

// lineReader reads lines, and keeps count and digest of the bytes that it read.
type lineReader struct {
	reader *bufio.Reader
	text   []byte
	readSoFar
	beforeLast readSoFar // where a line without a line feed begins
}

type readSoFar struct {
	offset int64
	lines  int64 // that were ended
	digest hash.Hash
}

func newLineReader(r io.Reader) *lineReader {
	return &lineReader{reader: bufio.NewReaderSize(r, maxLine), readSoFar: readSoFar{digest: sha256.New()}}
}

// count takes note of bytes that were read.
func (r *lineReader) count(part []byte) {
	r.digest.Write(part)
	r.offset += int64(len(part))
}

// next returns the next line; io.EOF, and nothing, at the end of the log. With any other error nothing counts as read.
func (r *lineReader) next() (line, error) {
	r.text = r.text[:0]
	var next line
	for read := 0; ; {
		part, err := r.reader.ReadSlice('\n')
		if read == 0 && err != nil {
			if err := r.remember(); err != nil {
				return line{}, err
			}
		}
		read += len(part)
		r.count(part)
		part, next.ended = bytes.CutSuffix(part, []byte("\n"))
		room := maxLine - len(r.text)
		next.tooLong = next.tooLong || len(part) > room
		r.text = append(r.text, part[:min(len(part), room)]...)
		next.text = r.text
		switch {
		case next.ended:
			r.lines++
			return next, nil
		case errors.Is(err, bufio.ErrBufferFull):
		case errors.Is(err, io.EOF) && read > 0:
			return next, nil
		case err != nil:
			r.forget()
			return line{}, err
		}
	}
}

func (r *lineReader) remember() error {
	cloner, ok := r.digest.(hash.Cloner)
	if !ok {
		return errors.ErrUnsupported
	}
	digest, err := cloner.Clone()
	r.beforeLast = readSoFar{r.offset, r.lines, digest}
	return err
}

// forget makes as if the last line, one without a line feed, had not been read.
func (r *lineReader) forget() { r.readSoFar = r.beforeLast }

// skip reads n bytes, and tells whether there were so many and whether they end within a line.
func (r *lineReader) skip(n int64) (whole, within bool, err error) {
	buffer := make([]byte, maxLine)
	for n > 0 {
		read, err := r.reader.Read(buffer[:min(n, maxLine)])
		if read > 0 {
			r.count(buffer[:read])
			r.lines += int64(bytes.Count(buffer[:read], []byte("\n")))
			n -= int64(read)
			within = buffer[read-1] != '\n'
		}
		if errors.Is(err, io.EOF) && n > 0 {
			return false, within, nil
		} else if err != nil && n > 0 {
			return false, within, err
		}
	}
	return true, within, nil
}

// sum returns the digest of all bytes that were read.
func (r *lineReader) sum() string { return hex.EncodeToString(r.digest.Sum(nil)) }

// head returns the beginning of the log, before anything was read: its first lines up to one of at least least bytes that
// is no comment (#), or as much as there is of it, without the line feed. It is maxLine bytes at most.
func (r *lineReader) head(least int) ([]byte, error) {
	start, err := r.reader.Peek(maxLine)
	for from := 0; from < len(start); {
		length := bytes.IndexByte(start[from:], '\n')
		if length < 0 {
			break
		}
		if length >= least && start[from] != '#' {
			return start[:from+length], nil
		}
		from += length + 1
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	return start, nil
}
