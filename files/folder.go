package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"headwater/logic"
)

// Folder keeps files in a folder. Nothing outside of it is reached, whatever a name says.
type Folder struct{ root *os.Root }

// OpenFolder returns the Folder at path, which is made for the owner alone where it is not there.
func OpenFolder(path string) (*Folder, error) {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, err
	}
	return &Folder{root}, nil
}

// Put keeps all of content, of size bytes, under a name that nothing has yet. It answers once a power cut would not take it away; where it
// fails, nothing is kept.
func (f *Folder) Put(_ context.Context, name string, content io.Reader, size int64) (err error) {
	file, err := f.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() {
		if err = errors.Join(err, file.Close()); err != nil {
			err = errors.Join(err, f.root.Remove(name))
		}
	}()
	written, err := io.Copy(file, content)
	if err != nil {
		return err
	}
	if written != size {
		return fmt.Errorf("%d bytes came of %d", written, size)
	}
	if err := file.Sync(); err != nil {
		return err
	}
	return f.sync()
}

// sync makes that the names in the folder survive a power cut.
func (f *Folder) sync() error {
	folder, err := f.root.Open(".")
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// Open returns NOT_FOUND where nothing has the name.
func (f *Folder) Open(_ context.Context, name string) (io.ReadSeekCloser, error) {
	file, err := f.root.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, logic.NotFound("file")
	}
	if err != nil {
		return nil, err
	}
	return file, nil
}

// Delete does nothing where nothing has the name.
func (f *Folder) Delete(_ context.Context, name string) error {
	if err := f.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
