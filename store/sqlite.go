package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/mattn/go-sqlite3"

	"headwater/logic"
)

// pragmas are run on every new connection, after its own. Temporary tables stay in memory while they are small, as
// they do by default; with temp_store = MEMORY, SQLite would walk through all that a savepoint remembers after every
// statement, which made 200 posts in one transaction take four times as long. As much of the file is mapped into memory as SQLite maps
// at most: what stands behind is read by a system call for each page, which made a post's text take ten times as long. What is deleted is overwritten, also
// where a page becomes free: a salt that had its time must not be found in the file.
const pragmas = `PRAGMA trusted_schema = OFF; PRAGMA mmap_size = 2147418112; PRAGMA journal_size_limit = 67108864;
	PRAGMA secure_delete = ON`

// writingPragmas are those of connections that write, beside pragmas: with synchronous = FULL, so that what was committed survives a
// power cut.
const writingPragmas = `PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -32768;
	PRAGMA wal_autocheckpoint = ` + mostLog + `;`

// readingPragmas are those of connections that can't write, beside pragmas.
const readingPragmas = `PRAGMA query_only = ON; PRAGMA cache_size = -8192;`

// oldestSQLite is the first version without the fault that loses committed pages when a checkpoint meets a writer (the
// WAL-reset bug of 3.7.0 to 3.51.2).
const oldestSQLite = 3_051_003

// checkSQLite refuses an SQLite that loses data or lacks full-text search, before there is any file.
func checkSQLite() error {
	if version, number, _ := sqlite3.Version(); number < oldestSQLite {
		return fmt.Errorf("this program was built with SQLite %s, which can lose data; it needs 3.51.3 or newer", version)
	}
	if !builtWith("ENABLE_FTS5") {
		return errors.New("this program was built without full-text search: build it with -tags sqlite_fts5, as make build does")
	}
	return nil
}

// fault returns err as the rest of the program knows it: a *logic.Error where a caller can act on it, by SQLite's code and
// never by its text.
func fault(err error) error {
	broken, ok := errors.AsType[sqlite3.Error](err)
	if !ok {
		return err
	}
	switch {
	case broken.ExtendedCode == sqlite3.ErrConstraintUnique: // nobody chooses a primary key: two that are the same are our fault
		return &logic.Error{Code: logic.CodeTaken, Message: "Someone else has it.", Err: err}
	case broken.Code == sqlite3.ErrBusy, broken.Code == sqlite3.ErrLocked:
		return &logic.Error{Code: logic.CodeOverloaded, Message: "Too much is being written; try again.", Err: err}
	}
	return err
}

// takenAt names the input at fault where err is TAKEN.
func takenAt(err error, field string) error {
	if taken, ok := errors.AsType[*logic.Error](err); ok && taken.Code == logic.CodeTaken {
		return taken.At(field)
	}
	return err
}

// keyList returns keys as one parameter, to be read by json_each.
func keyList[T ~int | ~int64](keys []T) string {
	list := make([]byte, 0, 2+18*len(keys))
	list = append(list, '[')
	for i, key := range keys {
		if i > 0 {
			list = append(list, ',')
		}
		list = strconv.AppendInt(list, int64(key), 10)
	}
	return string(append(list, ']'))
}

// textList returns texts as one parameter, to be read by json_each.
func textList[T ~string](texts []T) string {
	if texts == nil {
		return "[]"
	}
	encoded, err := json.Marshal(texts)
	if err != nil {
		panic(err) // texts don't fail
	}
	return string(encoded)
}

// columnName returns the column that a Go field stands in: words in lower case with _ between them, where initials stay
// one word, in the plural too (AuthorIDs is author_ids).
func columnName(field string) string {
	letters := []rune(field)
	var name strings.Builder
	for i, letter := range letters {
		if i > 0 && unicode.IsUpper(letter) && startsWord(letters, i) {
			name.WriteByte('_')
		}
		name.WriteRune(unicode.ToLower(letter))
	}
	return name.String()
}

// startsWord tells whether the upper-case letter at i begins a word: behind a lower-case letter or digit, or as the last
// of several upper-case ones unless only a plural s follows.
func startsWord(letters []rune, i int) bool {
	if !unicode.IsUpper(letters[i-1]) {
		return true
	}
	rest := letters[i+1:]
	if len(rest) == 0 || !unicode.IsLower(rest[0]) {
		return false
	}
	plural := rest[0] == 's' && (len(rest) == 1 || unicode.IsUpper(rest[1]))
	return !plural
}
