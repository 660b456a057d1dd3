# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The packages themselves.

part "building"
succeeds "the packages build" "$here/build" "$work/packages"
succeeds "the next version's build" "$here/build" "$work/next" "$next"
succeeds "lintian finds nothing" lintian --allow-root \
	--fail-on error,warning "$work/packages"/*.changes

packages=("$work/packages"/{podwall-dkms,nlctl,podwall-agent,podwall-dev}_"$version"_*.deb)
next_packages=("$work/next"/podwall-{dkms,dev}_"$next"_*.deb)

# Two versions in one tree must not become a package.
mkdir "$work/checkout"
cp -r "$top"/{debian,VERSION} "$work/checkout/"
echo "$next" > "$work/checkout/VERSION"
fails "another version in VERSION than in debian/changelog is refused" \
	make -C "$work/checkout" -f debian/rules override_dh_auto_configure
cp "$top/VERSION" "$work/checkout/"
succeeds "the same in both is not" \
	make -C "$work/checkout" -f debian/rules override_dh_auto_configure
rm -rf "$work/checkout"
