#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# An ingress gateway, with nginx for gateway and backends: it ends TLS, goes by
# host and path, gives a share to a canary, and is the only way to the backends.
# The policies are those of docs/examples/ingress-gateway.yaml.

. "${0%/*}/lib.sh"
. "${0%/*}/servers.sh"

policy_file=${0%/*}/../../docs/examples/ingress-gateway.yaml
gateway_labels=app=ingress-gateway

# backend POD: says its name, for whom, and who asks for whom.
backend() {
	serve_web "company/$1" <<- END
		server {
			listen 9000;
			listen [::]:9000;
			return 200 "$1 \$host\$request_uri \$remote_addr \$http_x_forwarded_for\n";
		}
	END
}

start "ingress/gateway,$gateway_labels" \
	company/{api,app,canary},tier=backend company/other

# Services as kube-proxy makes them: a balancer's address for the gateway, two
# service addresses, the canary's and a node port for the backends.
ip netns exec "$node" nft -f - <<- END
	table inet services {
		chain prerouting {
			type nat hook prerouting priority dstnat;
			dnat ip to ip daddr . tcp dport map {
				203.0.113.80 . 443 : ${address4[ingress/gateway]} . 443,
				203.0.113.80 . 8080 : ${address4[ingress/gateway]} . 8080,
				10.96.0.10 . 80 : ${address4[company/api]} . 9000,
				10.96.0.11 . 80 : ${address4[company/app]} . 9000,
				10.1.0.1 . 30090 : ${address4[company/app]} . 9000
			}
			dnat ip6 to ip6 daddr . tcp dport map {
				2001:db8:80::80 . 443 : ${address6[ingress/gateway]} . 443,
				fd00:96::12 . 80 : ${address6[company/canary]} . 9000
			}
		}
	}
END

certificate DNS:api.company.com DNS:app.company.com
hosts=()
for host in api app other; do
	hosts+=(--resolve "$host.company.com:443:203.0.113.80,[2001:db8:80::80]")
done

backend api
backend app
backend canary
serve_web ingress/gateway <<- END
	ssl_certificate $work/certificate.pem;
	ssl_certificate_key $work/key.pem;
	proxy_connect_timeout $((patience * 3))s;
	proxy_set_header Host \$host;
	proxy_set_header X-Forwarded-For \$remote_addr;

	# Which users are the canary's is a hash of their names, and no chance.
	split_clients \$arg_user \$app {
		20% canary;
		* stable;
	}
	upstream api { server 10.96.0.10; }
	upstream stable { server 10.96.0.11; }
	upstream canary { server [fd00:96::12]; }

	server {
		listen 443 ssl;
		listen [::]:443 ssl;
		server_name api.company.com;
		location / { proxy_pass http://api; }
	}
	server {
		listen 443 ssl;
		listen [::]:443 ssl;
		server_name app.company.com;
		location / { proxy_pass http://\$app; }
		location /api/ { proxy_pass http://api; }
	}
END

for name in company-{api,app,canary}; do
	wait_for "web-$name" 9000
done
wait_for web-ingress-gateway 443

# By any other way than the gateway's port: all are open as long as no policy says
# otherwise.
apply < /dev/null
expect_web "without policies" <<- END
	outside http://${address4[company/api]}:9000/ api
	outside http://[${address6[company/app]}]:9000/ app
	outside http://10.96.0.10/ api
	outside http://10.96.0.11/ app
	outside http://10.1.0.1:30090/ app
	outside http://[fd00:96::12]/ canary
	company/other http://${address4[company/api]}:9000/ api
	company/other http://[${address6[company/canary]}]:9000/ canary
	company/other http://10.96.0.11/ app
	company/app http://10.96.0.10/ api
END
expect "without policies" <<- END
	outside ingress/gateway 8080/tcp accept
	outside [ingress/gateway] 80/tcp accept
	outside 203.0.113.80 8080/tcp accept
	company/other ingress/gateway 8080/tcp accept
	outside company/api 80/tcp accept
	outside company/other 80/tcp accept
	ingress/gateway company/api 80/tcp accept
	ingress/gateway company/other 80/tcp accept
	ingress/gateway outside 80/tcp accept
	ingress/gateway [outside] 80/udp accept
	company/api outside 80/tcp accept
END

apply < "$policy_file"
expect_all deny "past the gateway"
expect_all_web deny "past the gateway"
dropped "a backend's drop names its policy" \
	"$(drop_line company/api ingress tcp '192\.0\.2\.10:[0-9]+' "${address4[company/api]}:9000" \
		'NetworkPolicy company/backends, company/default-deny-ingress')"
dropped "the gateway's way in as well" \
	"$(drop_line ingress/gateway ingress tcp '192\.0\.2\.10:[0-9]+' "${address4[ingress/gateway]}:8080" \
		'NetworkPolicy ingress/gateway')"
dropped "and its way out" \
	"$(drop_line ingress/gateway egress udp "\\[${address6[ingress/gateway]}\\]:[0-9]+" '\[2001:db8::10\]:80' \
		'NetworkPolicy ingress/gateway')"

expect_web "through the gateway" <<- END
	outside https://api.company.com/ api -4
	outside https://api.company.com/ api -6
	outside https://app.company.com/?user=1 app -4
	outside https://app.company.com/?user=1 app -6
	outside https://app.company.com/?user=2 canary -4
	outside https://app.company.com/?user=2 canary -6
	outside https://app.company.com/api/users api -4
	outside https://other.company.com/ error:60 -4
	company/other https://app.company.com/api/ api -4
END
is "the backend sees the gateway, which tells of the client" "${answers[6]}" \
	"api app.company.com/api/users ${address4[ingress/gateway]} 192.0.2.10"

# 200 users over one connection to the gateway, each with one of its own to a
# backend.
in_pod outside curl -sS --max-time "$deadline" --cacert "$work/certificate.pem" "${hosts[@]}" \
	-4 "https://app.company.com/?user=[1-200]" > "$work/users"
is "the canary has the 38 of 200 users that the hash gives it" \
	"$(cut -d ' ' -f 1 "$work/users" | sort | uniq -c | xargs)" "162 app 38 canary"

# each_way DESCRIPTION API APP CANARY: one request by each way to a backend, and
# what is to come of it.
each_way() {
	expect_web "$1" <<- END
		outside https://api.company.com/ $2 -4
		outside https://app.company.com/api/ $2 -6
		outside https://app.company.com/?user=1 $3 -6
		outside https://app.company.com/?user=2 $4 -4
	END
}

labels[ingress/gateway]=app=something-else
apply < "$policy_file"
each_way "the gateway has lost its label" 504 504 504
dropped "a backend drops what comes from the gateway" \
	"$(drop_line company/api ingress tcp "${address4[ingress/gateway]}:[0-9]+" "${address4[company/api]}:9000" \
		'NetworkPolicy company/backends, company/default-deny-ingress')"
labels[ingress/gateway]=$gateway_labels
apply < "$policy_file"
each_way "the gateway has its label again" api app canary

# The other side of it: the backends have lost theirs, so the gateway may not
# connect to them any more.
labels[company/api]=app=api
apply < "$policy_file"
each_way "a backend has lost its label" 504 app canary
dropped "the gateway's own policy drops" \
	"$(drop_line ingress/gateway egress tcp "${address4[ingress/gateway]}:[0-9]+" "${address4[company/api]}:9000" \
		'NetworkPolicy ingress/gateway')"
