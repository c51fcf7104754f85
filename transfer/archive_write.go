package transfer

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"headwater/logic"
	"headwater/logic/account"
	"headwater/logic/content"
	"headwater/logic/metric"
)

// ErrNotEmpty says that something is in the folder that an archive is to be written to, or restored into.
var ErrNotEmpty = errors.New("the folder is not empty")

// ArchiveReport counts what an archive holds, by the words of its manifest.
type ArchiveReport struct {
	Counts map[string]int
	Files  int
}

// Kinds returns what was counted, in order.
func (r ArchiveReport) Kinds() []string { return slices.Sorted(maps.Keys(r.Counts)) }

// ExportArchive writes all of a house into a folder, which is made, or is empty: the whole of it, or nothing. It is written into a folder of
// its own inside until all is there, since the folder may be a place that can't be renamed. Contents opens what is kept under the name of a
// file. Watch is told how many files are written.
func ExportArchive(ctx context.Context, house ArchiveHouse, contents func(ctx context.Context, name string) (io.ReadSeekCloser, error),
	folder string, watch Watch,
) (report ArchiveReport, err error) {
	made, err := makeEmpty(folder)
	if err != nil {
		return report, err
	}
	if made {
		defer func() {
			if err != nil {
				err = errors.Join(err, os.Remove(folder))
			}
		}()
	}
	unfinished, err := os.MkdirTemp(folder, ".unfinished-")
	if err != nil {
		return report, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(unfinished)) }()
	root, err := os.OpenRoot(unfinished)
	if err != nil {
		return report, err
	}
	run := exportRun{
		house: house, contents: contents, root: root, watch: watch, names: newArchiveNames(),
		manifest: manifest{Format: archiveFormat, Counts: map[string]int{}, Files: []manifestEntry{}},
	}
	if err := errors.Join(run.write(ctx), root.Close()); err != nil {
		return report, err
	}
	return ArchiveReport{run.manifest.Counts, len(run.manifest.Files)}, moveOut(unfinished, folder)
}

// moveOut puts all that was written where it belongs, the manifest last: without it a folder is no archive. Where that fails, all of it is
// taken back.
func moveOut(unfinished, folder string) (err error) {
	entries, err := os.ReadDir(unfinished)
	if err != nil {
		return err
	}
	names := []string{}
	for _, entry := range entries {
		if entry.Name() != manifestFile {
			names = append(names, entry.Name())
		}
	}
	for i, name := range append(names, manifestFile) {
		if err := os.Rename(filepath.Join(unfinished, name), filepath.Join(folder, name)); err != nil {
			for _, moved := range names[:i] {
				err = errors.Join(err, os.RemoveAll(filepath.Join(folder, moved)))
			}
			return err
		}
	}
	return nil
}

// makeEmpty makes the folder at a path where nothing is there, and tells whether it did. ErrNotEmpty, which names what is in the way, where
// something is in it.
func makeEmpty(path string) (made bool, err error) {
	entries, err := os.ReadDir(path)
	if errors.Is(err, fs.ErrNotExist) {
		return true, os.Mkdir(path, 0o700)
	}
	for _, entry := range entries {
		if entry.Name() != "lost+found" { // which file systems have at their root
			return false, fmt.Errorf("%s: %w: %s is in it", path, ErrNotEmpty, entry.Name())
		}
	}
	return false, err
}

type exportRun struct {
	house    ArchiveHouse
	contents func(ctx context.Context, name string) (io.ReadSeekCloser, error)
	root     *os.Root
	watch    Watch
	names    *archiveNames
	manifest manifest
}

// write writes every file, the manifest last.
func (r *exportRun) write(ctx context.Context) error {
	for _, folder := range []string{postFolder, revisionFolder, mediaFolder, metricFolder} {
		if err := r.root.Mkdir(folder[:len(folder)-1], 0o700); err != nil {
			return err
		}
	}
	for _, write := range []func(context.Context) error{r.site, r.users, r.tags, r.media, r.posts, r.imports, r.mediaImports, r.metrics} {
		if err := write(ctx); err != nil {
			return err
		}
	}
	line, err := encode(r.manifest)
	if err != nil {
		return err
	}
	file, err := r.root.OpenFile(manifestFile, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(line)
	return errors.Join(err, file.Sync(), file.Close())
}

// put writes one file, and notes it in the manifest.
func (r *exportRun) put(ctx context.Context, path string, write func(io.Writer) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	file, err := r.root.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	sum := sha256.New()
	counted := &countingWriter{}
	out := bufio.NewWriterSize(io.MultiWriter(file, sum, counted), 64<<10)
	err = write(out)
	if err == nil {
		err = out.Flush()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return err
	}
	r.manifest.Files = append(r.manifest.Files, manifestEntry{path, counted.size, hex.EncodeToString(sum.Sum(nil))})
	r.watch.progress(int64(len(r.manifest.Files)), 0)
	return nil
}

type countingWriter struct{ size int64 }

func (c *countingWriter) Write(data []byte) (int, error) {
	c.size += int64(len(data))
	return len(data), nil
}

// list writes a file of records, one a line, and counts them.
func (r *exportRun) list(ctx context.Context, path, counted string, each func(add func(record any) error) error) error {
	r.manifest.Counts[counted] += 0
	return r.put(ctx, path, func(out io.Writer) error {
		return each(func(record any) error {
			line, err := encode(record)
			if err != nil {
				return err
			}
			r.manifest.Counts[counted]++
			_, err = out.Write(line)
			return err
		})
	})
}

func (r *exportRun) site(ctx context.Context) error {
	site, err := r.house.Content.ArchivedSite(ctx)
	if err != nil {
		return err
	}
	return r.put(ctx, siteFile, func(out io.Writer) error {
		line, err := encode(siteRecordOf(site))
		if err == nil {
			_, err = out.Write(line)
		}
		return err
	})
}

func (r *exportRun) users(ctx context.Context) error {
	return r.list(ctx, usersFile, "users", func(add func(any) error) error {
		return r.house.Account.EachArchivedUser(ctx, func(user account.ArchivedUser) error {
			r.names.addUser(user.ID, user.Username)
			return add(userRecordOf(user))
		})
	})
}

func (r *exportRun) tags(ctx context.Context) error {
	tags, err := r.house.Content.ArchivedTags(ctx)
	if err != nil {
		return err
	}
	return r.list(ctx, tagsFile, "tags", func(add func(any) error) error {
		for _, tag := range tags {
			r.names.addTag(tag.ID, tag.Slug)
			if err := add(tagRecordOf(tag)); err != nil {
				return err
			}
		}
		return nil
	})
}

func (r *exportRun) media(ctx context.Context) error {
	var names []string
	err := r.list(ctx, mediaFile, "media", func(add func(any) error) error {
		return r.house.Content.EachArchivedMedia(ctx, func(media content.Media) error {
			names = append(names, media.Name)
			for _, variant := range media.Variants {
				names = append(names, variant.Name)
			}
			return add(mediaRecordOf(media))
		})
	})
	if err != nil {
		return err
	}
	for _, name := range names {
		err := r.put(ctx, mediaFolder+name, func(out io.Writer) error { return r.copy(ctx, name, out) })
		if err != nil {
			return err
		}
	}
	return nil
}

func (r *exportRun) copy(ctx context.Context, name string, out io.Writer) error {
	file, err := r.contents(ctx, name)
	if err != nil {
		return fmt.Errorf("the contents of the file %s: %w", name, err)
	}
	_, err = io.Copy(out, file)
	return errors.Join(err, file.Close())
}

func (r *exportRun) posts(ctx context.Context) error {
	r.manifest.Counts["posts"] = 0
	return r.house.Content.EachArchivedPost(ctx, func(post content.ArchivedPost) error {
		record, err := r.names.record(post)
		if err != nil {
			return err
		}
		data, err := encodePost(record, post.Markdown)
		if err != nil {
			return err
		}
		r.manifest.Counts["posts"]++
		err = r.put(ctx, postPath(post), func(out io.Writer) error {
			_, err := out.Write(data)
			return err
		})
		if err != nil {
			return err
		}
		return r.list(ctx, revisionPath(post.ID), "revisions", func(add func(any) error) error {
			return r.house.Content.EachArchivedRevision(ctx, post.ID, func(revision content.Revision) error {
				return add(revisionRecordOf(revision))
			})
		})
	})
}

func revisionPath(id logic.PostID) string { return fmt.Sprintf("%s%d.ndjson", revisionFolder, id) }

func (r *exportRun) imports(ctx context.Context) error {
	return r.list(ctx, importsFile, "imports", func(add func(any) error) error {
		return r.house.Content.EachArchivedImport(ctx, func(in content.ArchivedImport) error { return add(importRecord(in)) })
	})
}

func (r *exportRun) mediaImports(ctx context.Context) error {
	return r.list(ctx, mediaImportsFile, "media imports", func(add func(any) error) error {
		return r.house.Content.EachArchivedMediaImport(ctx, func(in content.ArchivedMediaImport) error { return add(mediaImportRecord(in)) })
	})
}

func (r *exportRun) metrics(ctx context.Context) error {
	for _, table := range metric.Tables() {
		counted := "metrics " + string(table)
		r.manifest.Counts[counted] = 0
		err := r.put(ctx, metricFile(table), func(out io.Writer) error {
			return r.house.Metric.EachArchivedRow(ctx, table, func(row []byte) error {
				r.manifest.Counts[counted]++
				_, err := out.Write(append(row, '\n'))
				return err
			})
		})
		if err != nil {
			return err
		}
	}
	return nil
}
