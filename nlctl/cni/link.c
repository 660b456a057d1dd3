// SPDX-License-Identifier: GPL-2.0-only
#include "cni/link.h"

#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* Files in /sys are those of the namespace that it was mounted in. */
bool link_is_bridge(const char *name)
{
	struct ethtool_drvinfo driver = { .cmd = ETHTOOL_GDRVINFO };
	struct ifreq request = { .ifr_data = (void *)&driver };
	bool is_bridge;
	int fd;

	if (strlen(name) >= sizeof(request.ifr_name))
		return false;
	strcpy(request.ifr_name, name);
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return false;
	is_bridge = !ioctl(fd, SIOCETHTOOL, &request) &&
		    (!strcmp(driver.driver, "bridge") ||
		     !strcmp(driver.driver, "openvswitch"));
	close(fd);
	return is_bridge;
}
