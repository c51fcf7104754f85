package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"path"
	"sync"
)

//go:embed account
var accountFiles embed.FS

// AccountPolicy is the Content-Security-Policy under which the account page runs: it asks its own origin alone, and no page may
// show it in a frame.
const AccountPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// accountTypes are the content types of all that the folder may hold; the machine's own table may say otherwise.
var accountTypes = map[string]string{
	".css":  "text/css; charset=utf-8",
	".html": "text/html; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
}

// Account returns the file at path below /account/, which is "index.html" for the page itself: where links in mails lead, as
// /account#reset=TOKEN. It reports false where there is none. The files have no Brotli and are never Immutable.
func Account(path string) (Asset, bool) {
	asset, ok := accountAssets()[path]
	return asset, ok
}

// accountAssets reads and compresses the embedded files once. They are part of the program: one that can't be read is a fault
// of the build, and panics.
var accountAssets = sync.OnceValue(func() map[string]Asset {
	entries, err := accountFiles.ReadDir("account")
	if err != nil {
		panic("web: " + err.Error())
	}
	byPath := make(map[string]Asset, len(entries))
	for _, entry := range entries {
		plain, err := accountFiles.ReadFile("account/" + entry.Name())
		if err != nil {
			panic("web: " + err.Error())
		}
		sum := sha256.Sum256(plain)
		byPath[entry.Name()] = Asset{
			Path:        entry.Name(),
			ContentType: accountTypes[path.Ext(entry.Name())],
			Size:        len(plain),
			Hash:        hex.EncodeToString(sum[:]),
			Gzip:        compress(plain),
		}
	}
	return byPath
})

func compress(plain []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, _ = w.Write(plain) // a buffer takes everything, the end as well
	_ = w.Close()
	return out.Bytes()
}
