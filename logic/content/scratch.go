package content

import (
	"crypto/sha256"
	"errors"
	"io"
	"io/fs"
	"os"

	"headwater/logic"
)

// scratch is a file that nothing can be left of: it has no name from the beginning, where the system allows that.
type scratch struct {
	file   *os.File
	size   int64
	digest [sha256.Size]byte
}

// newScratch returns an empty scratch on the disk that dir is on; with the empty dir, where the system keeps such files.
func newScratch(dir string) (*scratch, error) {
	file, err := os.CreateTemp(dir, ".upload-*")
	if err != nil {
		return nil, err
	}
	_ = os.Remove(file.Name()) // on some systems only once it is closed
	return &scratch{file: file}, nil
}

// fill reads content to its end. TOO_LONG for more than MaxUpload, REQUIRED for nothing, INVALID where it broke off.
func (s *scratch) fill(content io.Reader) error {
	digest := sha256.New()
	size, err := io.Copy(io.MultiWriter(s.file, digest), io.LimitReader(content, MaxUpload+1))
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return &logic.Error{Code: logic.CodeInvalid, Message: "The file did not come whole.", Err: err}
	case err != nil:
		return err
	case size > MaxUpload:
		return logic.Fault(logic.CodeTooLong, "A file may have %d MiB at most.", MaxUpload>>20)
	case size == 0:
		return logic.Fault(logic.CodeRequired, "The file is empty.")
	}
	s.size = size
	digest.Sum(s.digest[:0])
	return nil
}

// whole returns a reader of all that was filled in.
func (s *scratch) whole() io.Reader { return io.NewSectionReader(s.file, 0, s.size) }

// Close takes the file away.
func (s *scratch) Close() error {
	err := s.file.Close()
	if removed := os.Remove(s.file.Name()); !errors.Is(removed, fs.ErrNotExist) {
		err = errors.Join(err, removed)
	}
	return err
}
