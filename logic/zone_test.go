package logic

import (
	"archive/zip"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Every zone that Go knows is known by its name, and by no other.
func TestLoadZone(t *testing.T) {
	for _, name := range []string{"UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+1", "America/Port-au-Prince"} {
		if zone, err := LoadZone(name); err != nil || zone.String() != name {
			t.Errorf("%s: %v, %v", name, zone, err)
		}
	}
	for _, name := range []string{
		"", "Local", "localtime", "America////New_York", "/UTC", "UTC/", "./Europe/Berlin", "Europe/../UTC", "posix/UTC", "right/UTC",
		"posixrules", "Europe", "Moon/Sea", `Europe\Berlin`, "Europe/Berlin\n", "A" + strings.Repeat("a", 100),
	} {
		if _, err := LoadZone(name); err == nil {
			t.Errorf("%q is a time zone", name)
		}
	}
}

func TestLoadZoneKnowsAllOfGo(t *testing.T) {
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	archive, err := zip.OpenReader(filepath.Join(strings.TrimSpace(string(root)), "lib", "time", "zoneinfo.zip"))
	if err != nil {
		t.Skip("Go's list of zones is not on this machine: ", err)
	}
	defer archive.Close()
	for _, file := range archive.File {
		if strings.HasSuffix(file.Name, "/") {
			continue
		}
		if _, err := LoadZone(file.Name); err != nil {
			t.Errorf("%s: %v", file.Name, err)
		}
	}
	if len(archive.File) < 300 || len(archive.File) > maxZones {
		t.Errorf("%d zones", len(archive.File))
	}
}
