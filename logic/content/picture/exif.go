package picture

import (
	"bytes"
	"encoding/binary"
)

// upright is the orientation of an image that is shown as it is stored.
const upright = 1

// orientationTag names the orientation among what EXIF says.
const orientationTag = 0x0112

// exifHead stands in front of EXIF, in JPEG always.
var exifHead = []byte("Exif\x00\x00")

// orientationOf returns what EXIF says of the orientation, 1 to 8, and 0 where it says nothing that can be read.
func orientationOf(exif []byte) int {
	exif = bytes.TrimPrefix(exif, exifHead)
	if len(exif) < 8 {
		return 0
	}
	var order binary.ByteOrder = binary.BigEndian
	if exif[0] == 'I' {
		order = binary.LittleEndian
	}
	start := order.Uint32(exif[4:])
	if uint64(start)+2 > uint64(len(exif)) {
		return 0
	}
	entries := exif[start+2:]
	const entrySize = 12
	for range order.Uint16(exif[start:]) {
		if len(entries) < entrySize {
			return 0
		}
		if order.Uint16(entries) == orientationTag {
			if said := int(order.Uint16(entries[8:])); said >= 1 && said <= 8 {
				return said
			}
			return 0
		}
		entries = entries[entrySize:]
	}
	return 0
}
