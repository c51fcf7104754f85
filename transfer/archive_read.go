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
	"path"
	"regexp"
	"slices"
	"strings"

	"headwater/logic/account"
	"headwater/logic/content"
	"headwater/logic/metric"
)

// Bounds of what is read as a whole, in bytes: no archive of ours comes near.
const (
	maxManifest    = 512 << 20
	maxArchivePost = 16 << 20
	maxArchiveLine = 32 << 20
)

// Archive is a folder that ExportArchive wrote, and that is whole.
type Archive struct {
	root     *os.Root
	manifest manifest
	sizes    map[string]int64
	read     map[string]bool // what was asked for
}

// OpenArchive opens the archive in a folder once every file in it is what its manifest says. It returns ErrDamaged for what is no archive,
// not whole, or of another format. What the manifest does not name is passed over. Watch is told how many bytes were looked at.
func OpenArchive(ctx context.Context, folder string, watch Watch) (*Archive, error) {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, err
	}
	archive := &Archive{root: root, sizes: map[string]int64{}, read: map[string]bool{}}
	if err := archive.check(ctx, watch); err != nil {
		return nil, errors.Join(err, root.Close())
	}
	return archive, nil
}

// Close closes the folder.
func (a *Archive) Close() error { return a.root.Close() }

func (a *Archive) check(ctx context.Context, watch Watch) error {
	if err := a.readManifest(); err != nil {
		return err
	}
	var done, total int64
	for _, entry := range a.manifest.Files {
		if err := checkPath(entry.Path); err != nil {
			return err
		}
		if _, twice := a.sizes[entry.Path]; twice {
			return damaged(manifestFile, "it names %s twice", entry.Path)
		}
		a.sizes[entry.Path] = entry.Size
		total += entry.Size
	}
	for _, entry := range a.manifest.Files {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := a.checkFile(entry); err != nil {
			return err
		}
		done += entry.Size
		watch.progress(done, total)
	}
	return nil
}

func (a *Archive) readManifest() error {
	file, err := a.openRegular(manifestFile)
	if errors.Is(err, fs.ErrNotExist) {
		return damaged(manifestFile, "it is not there: this is no archive, or not the whole of one")
	}
	if err != nil {
		return err
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, maxManifest+1))
	if err != nil {
		return err
	}
	if len(data) > maxManifest {
		return damaged(manifestFile, "it is too large")
	}
	if err := decode(data, &a.manifest); err != nil {
		return damaged(manifestFile, "%v", err)
	}
	if a.manifest.Format != archiveFormat {
		return damaged(manifestFile, "its format is %d, and this program reads %d", a.manifest.Format, archiveFormat)
	}
	return nil
}

// archivePath is what the paths of files in an archive look like. None of them leads anywhere else.
var archivePath = regexp.MustCompile(`^(?:site\.json|(?:users|tags|media|imports|media-imports)\.ndjson|posts/[^/\\\x00-\x1f]{1,255}\.md|` +
	`revisions/[0-9]{1,20}\.ndjson|media/[a-z0-9]{26}(?:-[0-9]{1,5})?\.[a-z0-9]{1,8}|metrics/[a-z-]{1,20}\.ndjson)$`)

func checkPath(name string) error {
	if !archivePath.MatchString(name) || !fs.ValidPath(name) {
		return damaged(manifestFile, "%q is no file of an archive", name)
	}
	return nil
}

// openRegular opens a file that is one itself, as the folder that it stands in is: no link is followed.
func (a *Archive) openRegular(name string) (*os.File, error) {
	if folder := path.Dir(name); folder != "." {
		info, err := a.root.Lstat(folder)
		if err != nil {
			return nil, err
		}
		if !info.IsDir() {
			return nil, damaged(folder, "it is no folder")
		}
	}
	info, err := a.root.Lstat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, damaged(name, "it is no file")
	}
	return a.root.Open(name)
}

func (a *Archive) checkFile(entry manifestEntry) error {
	file, err := a.openRegular(entry.Path)
	if errors.Is(err, fs.ErrNotExist) {
		return damaged(entry.Path, "it is not there")
	}
	if err != nil {
		return err
	}
	defer file.Close()
	sum := sha256.New()
	size, err := io.Copy(sum, io.LimitReader(file, entry.Size+1))
	if err != nil {
		return err
	}
	if size != entry.Size || hex.EncodeToString(sum.Sum(nil)) != entry.SHA256 {
		return damaged(entry.Path, "it is not what the manifest says")
	}
	return nil
}

// open opens a file that the manifest names.
func (a *Archive) open(name string) (*os.File, error) {
	if _, ok := a.sizes[name]; !ok {
		return nil, damaged(manifestFile, "it does not name %s", name)
	}
	a.read[name] = true
	return a.openRegular(name)
}

// whole returns what is in a file.
func (a *Archive) whole(name string) ([]byte, error) {
	if a.sizes[name] > maxArchivePost {
		return nil, damaged(name, "it is larger than %d MiB", maxArchivePost>>20)
	}
	file, err := a.open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, maxArchivePost))
}

// lines calls take for each line of a file.
func (a *Archive) lines(ctx context.Context, name string, take func(line []byte) error) error {
	file, err := a.open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, maxArchiveLine)
	for number := 1; lines.Scan(); number++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := take(lines.Bytes()); err != nil {
			return damaged(fmt.Sprintf("%s:%d", name, number), "%v", err)
		}
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		return damaged(name, "a line is longer than %d MiB", maxArchiveLine>>20)
	}
	return lines.Err()
}

// records reads a file of records, one a line.
func records[T any](ctx context.Context, a *Archive, name string, take func(T) error) (int, error) {
	count := 0
	return count, a.lines(ctx, name, func(line []byte) error {
		var record T
		if err := decode(line, &record); err != nil {
			return err
		}
		count++
		return take(record)
	})
}

// archiveBatch is how many records are written at once.
const archiveBatch = 500

// batches does what records does, and calls take for several at once.
func batches[R, T any](ctx context.Context, a *Archive, name string, of func(R) T, take func([]T) error) (int, error) {
	var batch []T
	count, err := records(ctx, a, name, func(record R) error {
		if batch = append(batch, of(record)); len(batch) < archiveBatch {
			return nil
		}
		defer func() { batch = nil }()
		return take(batch)
	})
	if err == nil && len(batch) > 0 {
		if err = take(batch); err != nil && ctx.Err() == nil {
			err = damaged(name, "%v", err)
		}
	}
	return count, err
}

// Import gives all of the archive to a house over an empty database. Where it fails, part of it may have been taken: the database is then
// to be thrown away. Watch is told how many files were taken, of how many.
func (a *Archive) Import(ctx context.Context, house ArchiveHouse, watch Watch) (ArchiveReport, error) {
	run := importRun{Archive: a, house: house, watch: watch, names: newArchiveNames(), counts: map[string]int{}}
	for _, take := range []func(context.Context) error{run.site, run.users, run.tags, run.media, run.posts, run.imports, run.mediaImports, run.metrics} {
		if err := take(ctx); err != nil {
			return ArchiveReport{}, err
		}
	}
	for _, entry := range a.manifest.Files {
		if !a.read[entry.Path] {
			return ArchiveReport{}, damaged(entry.Path, "nothing refers to it")
		}
	}
	if !maps.Equal(run.counts, a.manifest.Counts) {
		return ArchiveReport{}, damaged(manifestFile, "it counts %v, but there are %v", a.manifest.Counts, run.counts)
	}
	return ArchiveReport{run.counts, len(a.manifest.Files)}, nil
}

type importRun struct {
	*Archive
	house  ArchiveHouse
	watch  Watch
	names  *archiveNames
	counts map[string]int
}

func (r *importRun) step() { r.watch.progress(int64(len(r.read)), int64(len(r.sizes))) }

func (r *importRun) site(ctx context.Context) error {
	data, err := r.whole(siteFile)
	if err != nil {
		return err
	}
	var record siteRecord
	if err := decode(data, &record); err != nil {
		return damaged(siteFile, "%v", err)
	}
	if err := r.house.Content.RestoreSite(ctx, record.site()); err != nil {
		return damaged(siteFile, "%v", err)
	}
	return nil
}

func (r *importRun) users(ctx context.Context) (err error) {
	of := func(record userRecord) account.ArchivedUser {
		r.names.addUser(record.ID, record.Username)
		return record.user()
	}
	r.counts["users"], err = batches(ctx, r.Archive, usersFile, of, func(users []account.ArchivedUser) error {
		return r.house.Account.RestoreUsers(ctx, users)
	})
	return err
}

func (r *importRun) tags(ctx context.Context) (err error) {
	of := func(record tagRecord) content.ArchivedTag {
		r.names.addTag(record.ID, record.Slug)
		return record.tag()
	}
	r.counts["tags"], err = batches(ctx, r.Archive, tagsFile, of, func(tags []content.ArchivedTag) error {
		return r.house.Content.RestoreTags(ctx, tags)
	})
	return err
}

func (r *importRun) media(ctx context.Context) (err error) {
	open := func(name string) (io.ReadCloser, error) { return r.open(mediaFolder + name) }
	r.counts["media"], err = records(ctx, r.Archive, mediaFile, func(record mediaRecord) error {
		r.step()
		return r.house.Content.RestoreMedia(ctx, record.media(), open)
	})
	return err
}

func (r *importRun) posts(ctx context.Context) error {
	r.counts["posts"], r.counts["revisions"] = 0, 0
	for _, name := range slices.Sorted(maps.Keys(r.sizes)) {
		if !strings.HasPrefix(name, postFolder) {
			continue
		}
		r.step()
		if err := r.post(ctx, name); errors.Is(err, ErrDamaged) || ctx.Err() != nil {
			return err
		} else if err != nil {
			return damaged(name, "%v", err)
		}
	}
	return nil
}

func (r *importRun) post(ctx context.Context, name string) error {
	data, err := r.whole(name)
	if err != nil {
		return err
	}
	record, markdown, err := decodePost(data)
	if err != nil {
		return err
	}
	post, err := r.names.post(record, markdown)
	if err != nil {
		return err
	}
	r.counts["posts"]++
	revisions := 0
	err = r.house.Content.RestorePost(ctx, post, func(take func(content.Revision) error) (err error) {
		revisions, err = records(ctx, r.Archive, revisionPath(post.ID), func(record revisionRecord) error {
			revision, err := record.revision(post.ID)
			if err != nil {
				return err
			}
			return take(revision)
		})
		return err
	})
	r.counts["revisions"] += revisions
	return err
}

func (r *importRun) imports(ctx context.Context) (err error) {
	of := func(record importRecord) content.ArchivedImport { return content.ArchivedImport(record) }
	r.counts["imports"], err = batches(ctx, r.Archive, importsFile, of, func(imports []content.ArchivedImport) error {
		return r.house.Content.RestoreImports(ctx, imports)
	})
	return err
}

func (r *importRun) mediaImports(ctx context.Context) (err error) {
	of := func(record mediaImportRecord) content.ArchivedMediaImport { return content.ArchivedMediaImport(record) }
	r.counts["media imports"], err = batches(ctx, r.Archive, mediaImportsFile, of, func(imports []content.ArchivedMediaImport) error {
		return r.house.Content.RestoreMediaImports(ctx, imports)
	})
	return err
}

func (r *importRun) metrics(ctx context.Context) error {
	for _, table := range metric.Tables() {
		r.step()
		counted := "metrics " + string(table)
		r.counts[counted] = 0
		err := r.rows(ctx, metricFile(table), func(next func() ([]byte, error)) error {
			return r.house.Metric.RestoreRows(ctx, table, func() ([]byte, error) {
				row, err := next()
				if row != nil {
					r.counts[counted]++
				}
				return row, err
			})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// rows hands over a function that returns one line of a file after another, nil behind the last.
func (r *importRun) rows(ctx context.Context, name string, take func(next func() ([]byte, error)) error) error {
	file, err := r.open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, maxArchiveLine)
	err = take(func() ([]byte, error) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if !lines.Scan() {
			return nil, lines.Err()
		}
		return lines.Bytes(), nil
	})
	if err != nil && ctx.Err() == nil {
		return damaged(name, "%v", err)
	}
	return err
}
