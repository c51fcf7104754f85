package httpd

import (
	"net/http"
	"testing"
)

func TestFilenamesAreReadAsBrowsersWriteThem(t *testing.T) {
	t.Parallel()
	w, taker, headers := newUploadWorld(t, nil)
	for i, test := range []struct{ sent, want string }{
		{`x%22y.png`, `x"y.png`},
		{`x%0D%0Ay.png`, "x\r\ny.png"},
		{`%22%22.png`, `"".png`},
		{`100%.png`, `100%.png`}, // a browser leaves every other character as it is
		{`50%25.png`, `50%25.png`},
		{`a%2Fb%5C.png`, `a%2Fb%5C.png`},
		{`x%0d%0ay.png`, `x%0d%0ay.png`},
		{`../up/pond.png`, `pond.png`},
		{`Größe 池.png`, `Größe 池.png`},
	} {
		body := field("operations", fileOperations) + field("map", fileMap) + filePart("0", test.sent, "pond") + formEnd
		got := w.send(t, "POST", "/graphql", body, headers...)
		if got.StatusCode != http.StatusOK || len(taker.taken) != i+1 || taker.taken[i].filename != test.want {
			t.Errorf("%s: status %d, got %+v, want %q", test.sent, got.StatusCode, taker.taken, test.want)
		}
	}
}
