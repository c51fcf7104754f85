//go:build profile

package main

import (
	"net/http"
	_ "net/http/pprof" // on the default mux
	"os"
)

// profileAddress names the variable that says where a program that was built with the tag profile serves its profiles. It is what the
// bench measures with; the program that people run has nothing of it.
const profileAddress = "HEADWATER_PROFILE"

func init() {
	if address := os.Getenv(profileAddress); address != "" {
		go http.ListenAndServe(address, nil)
	}
}
